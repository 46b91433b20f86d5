import type { ReadAhead } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import type { View } from './answers.js';
import type { BlockFeatures } from './block-features.js';

/** What a candidate is given for a batch of images, and what the teacher makes of its own map for them. */
export interface KnownBatch {
  readonly input: tf.Tensor4D;
  readonly answer: tf.Tensor;
}

export interface BankRequest {
  readonly batches: ReadAhead;
  readonly count: number;
  readonly features: BlockFeatures;
  readonly view: View;
  /** `calibrate`: the student's earlier blocks, where there are some, take up these images' statistics. */
  readonly as: 'calibrate' | 'rate';
}

/** Computes batches that are gone through once for each candidate; they stay on the backend until disposed. */
export async function knownBatches(request: BankRequest): Promise<KnownBatch[]> {
  const { batches, count, features, view, as } = request;
  const known: KnownBatch[] = [];
  for (let index = 0; index < count; index++) {
    await features[as](await batches.take(index), ({ input, target }) => {
      known.push({ input: tf.clone(input), answer: tf.tidy(() => tf.clone(view(target))) });
    });
  }
  return known;
}

export function disposeKnown(batches: readonly KnownBatch[]): void {
  for (const { input, answer } of batches) tf.dispose([input, answer]);
}
