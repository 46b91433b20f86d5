import { DnaError } from 'dna-nas/errors';

/** The paths of a step share its batch. */
export function unequalShares(batch: number, paths: number): DnaError {
  const below = batch - (batch % paths);
  return new DnaError(
    'BATCH_SHARES',
    `distill.batch is ${batch}, which ${paths} paths (distill.pathsPerStep) cannot share equally.`,
    `Make it a multiple: --set distill.batch=${below > 0 ? below : paths}.`,
    { exitCode: 2 },
  );
}

/** All micro-batches of a step are more images than there are. */
export function microBatchTooLarge(
  { microBatch, pathsPerStep }: { readonly microBatch?: number; readonly pathsPerStep: number },
  images: number,
): DnaError {
  const fits = Math.max(1, Math.floor(images / (2 * pathsPerStep)));
  return new DnaError(
    'BATCH_TOO_LARGE',
    `distill.microBatch is ${microBatch} and distill.pathsPerStep ${pathsPerStep}, but there are only ${images} training images.`,
    `Lower one of them: --set distill.microBatch=${fits}.`,
    { exitCode: 2 },
  );
}
