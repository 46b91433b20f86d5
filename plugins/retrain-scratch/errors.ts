import { DnaError } from 'dna-nas/errors';

/** A batch must be a whole number of micro-batches, as batch norm sees each and their gradients count alike. */
export function unevenMicroBatches(batch: number, microBatch: number): DnaError {
  const parts = Math.max(1, Math.round(batch / microBatch));
  return new DnaError(
    'MICRO_BATCH_UNEVEN',
    `retrain.microBatch is ${microBatch} and retrain.batch ${batch}, which is no multiple of it.`,
    `Say --set retrain.batch=${parts * microBatch}, or --set retrain.microBatch=0 for batches as a whole.`,
    { exitCode: 2 },
  );
}

/** `retrain.scale` is set, and the space's networks have no other sizes. */
export function cannotScale(space: string): DnaError {
  return new DnaError(
    'SPACE_SCALE',
    `retrain.scale is set, and networks of the space ${space} cannot be scaled.`,
    'Leave retrain.scale out, or take a space that can, such as mbconv.',
    { exitCode: 2 },
  );
}

/** Training on the images that networks are then tested on. */
export function heldOutIsTest(data: string): DnaError {
  return new DnaError(
    'RETRAIN_IMAGES',
    `retrain.images is all, and the data set ${data} has no test images but those that it holds out; training on them would leave none to test on.`,
    'Say --set retrain.images=train, or give the data set test images of its own.',
    { exitCode: 2 },
  );
}
