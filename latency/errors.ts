import { counted, DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

export function notATable(file: string, problem: string): DnaError {
  return new DnaError(
    'LATENCY_TABLE',
    `${file} is no table of latencies: ${problem}.`,
    'Measure one: dna latency measure RUN --output FILE.json',
    USAGE,
  );
}

export function unfinishedTable(file: string, missing: number): DnaError {
  return new DnaError(
    'LATENCY_UNFINISHED',
    `${file} is not finished: ${counted(missing, 'sample')} ${missing === 1 ? 'is' : 'are'} missing.`,
    'Go on by the command that began it; it measures only what is missing.',
    USAGE,
  );
}

/** A table that was measured otherwise is in the way. */
export function otherMeasurement(file: string, what: string, [found, wanted]: readonly unknown[]): DnaError {
  return new DnaError(
    'LATENCY_OTHER',
    `${file} has the ${what} ${JSON.stringify(found)}, and ${JSON.stringify(wanted)} is to be measured.`,
    'Name another --output, or delete the file.',
    USAGE,
  );
}

/** The space has a layer that the table does not tell. */
export function unknownLayer(file: string, layer: string): DnaError {
  return new DnaError(
    'LATENCY_LAYER',
    `${file} does not have the layer ${layer}.`,
    'The table must be of the same space, image size and classes: dna latency measure RUN --output FILE.json',
    USAGE,
  );
}

/** Networks of the space do not say where their blocks end. */
export function noHead(): DnaError {
  return new DnaError(
    'LATENCY_SPACE',
    'The networks of this space have no `forwardFrom` and `tensorsBehind`, so what follows their last block cannot be measured alone.',
    'Make them by layeredSpace of dna-nas/nn/space.',
    USAGE,
  );
}
