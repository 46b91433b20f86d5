import { tf } from 'dna-nas/nn';
import type { ReadAhead } from 'dna-nas/nn/training';
import type { View } from './answers.js';
import type { BlockFeatures } from './block-features.js';

/** What a candidate is given for a batch of images, and what the teacher makes of its own map for them. */
export interface KnownBatch {
  readonly input: tf.Tensor4D;
  readonly answer: tf.Tensor;
}

/** Batches that are gone through once for each candidate; they stay on the backend until it is disposed. */
export class FeatureBank {
  readonly #features: BlockFeatures;
  readonly #view: View;
  readonly #held: tf.Tensor[] = [];

  constructor(features: BlockFeatures, view: View) {
    this.#features = features;
    this.#view = view;
  }

  /** Inputs alone. The student's earlier blocks, where there are some, take up these images' statistics. */
  async calibrationInputs(batches: ReadAhead, count: number): Promise<tf.Tensor4D[]> {
    const inputs: tf.Tensor4D[] = [];
    for (let index = 0; index < count; index++) {
      await this.#features.calibrate(await batches.take(index), ({ input }) => {
        inputs.push(this.#hold(tf.clone(input)));
      });
    }
    return inputs;
  }

  async knownBatches(batches: ReadAhead, count: number): Promise<KnownBatch[]> {
    const known: KnownBatch[] = [];
    for (let index = 0; index < count; index++) {
      await this.#features.rate(await batches.take(index), ({ input, target }) => {
        const answer = this.#hold(this.#view(target));
        known.push({ input: this.#hold(tf.clone(input)), answer });
      });
    }
    return known;
  }

  dispose(): void {
    tf.dispose(this.#held);
  }

  #hold<Kept extends tf.Tensor>(tensor: Kept): Kept {
    this.#held.push(tensor);
    return tensor;
  }
}
