import type { RandomStream } from 'dna-nas/core';

/**
 * Which images each step reads: an epoch is a permutation of all images cut into whole batches (what is left over
 * waits for the next epoch's draw). A pure function of the step, so that a resumed run reads the same sequence.
 */
export class BatchOrder {
  readonly stepsPerEpoch: number;
  readonly #random: RandomStream;
  #epoch = -1;
  #permutation: Uint32Array = new Uint32Array(0);

  constructor(
    random: RandomStream,
    readonly images: number,
    readonly batch: number,
  ) {
    if (!Number.isInteger(batch) || batch < 1 || batch > images) {
      throw new RangeError(`A batch of ${batch} cannot be drawn from ${images} images.`);
    }
    this.#random = random;
    this.stepsPerEpoch = Math.floor(images / batch);
  }

  /** Steps of a number of epochs, which may be a fraction; at least 1. */
  steps(epochs: number): number {
    return Math.max(1, Math.round(epochs * this.stepsPerEpoch));
  }

  /** Indices of the images of one step, counted from 0 over all epochs. */
  indices(step: number): Uint32Array {
    const epoch = Math.floor(step / this.stepsPerEpoch);
    if (epoch !== this.#epoch) {
      this.#permutation = this.#random.fork('epoch', epoch).permutation(this.images);
      this.#epoch = epoch;
    }
    const first = (step % this.stepsPerEpoch) * this.batch;
    return this.#permutation.subarray(first, first + this.batch);
  }
}
