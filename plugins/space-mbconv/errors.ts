import { DnaError } from 'dna-nas/errors';

/** `space.borders` has other than one number a block. */
export function wrongBorders(borders: readonly number[], blocks: number): DnaError {
  return new DnaError(
    'SPACE_TABLE',
    `space.borders has ${borders.length} numbers (${borders.join(', ')}), and the space has ${blocks} blocks.`,
    'Give the channels behind each block, or say --set space.borders=teacher.',
    { exitCode: 2 },
  );
}
