import { DnaError, nearest } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** `dna report --features` names an image that the split does not have. */
export function noSuchImage(
  image: string,
  { split, size, names }: { split: string; size: number; names: readonly string[] },
): DnaError {
  const close = nearest(image, names);
  const expected = `an index from 0 to ${size - 1}${names.length > 0 ? ' or the name of a file' : ''}`;
  return new DnaError(
    'IMAGE_UNKNOWN',
    `The ${split} split has no image ${JSON.stringify(image)}; ${expected} was expected.`,
    close ? `Did you mean ${close}?` : 'Another split is chosen by --split train, validation or test.',
    USAGE,
  );
}

/** Feature maps are those of the architecture that a search found. */
export function nothingFound(run: string): DnaError {
  return new DnaError(
    'ARCHITECTURE_MISSING',
    `The run ${run} has no architecture yet, whose features could be compared with the teacher's.`,
    'Let it come through its search: `dna run`, with --until search if it need not be retrained.',
    USAGE,
  );
}

/** The found architecture's cells were trained, but their weights are not in the folder any more. */
export function weightsMissing(run: string, cell: string): DnaError {
  return new DnaError(
    'CELL_WEIGHTS_MISSING',
    `The run ${run} has no result of the training of ${cell}, which the found architecture goes through.`,
    'Restore results/ from a backup.',
  );
}

/** The plugin in the slot `rank` has no `imitate`. */
export function imitationUnsupported(): DnaError {
  return new DnaError(
    'IMITATION_UNSUPPORTED',
    'The plugin that ranks candidates in this run cannot run one of them beside the teacher.',
    'Report without --features, or give the RankStage of the plugin an `imitate`.',
    USAGE,
  );
}
