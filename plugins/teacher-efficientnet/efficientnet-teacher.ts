import type { ForwardContext, Teacher, TeacherDescription } from 'dna-nas/core';
import {
  EfficientNet,
  type EfficientNetSpec,
  foldBatchNorms,
  loadStateDict,
  type StateDict,
  type tf,
} from 'dna-nas/nn';

const EVALUATE: ForwardContext = { mode: 'evaluate' };

/** Normalises by the batch's statistics; the running ones it overwrites are not used by anyone else. */
const BY_BATCH: ForwardContext = { mode: 'calibrate' };

export interface TeacherParts {
  readonly description: TeacherDescription;
  readonly spec: EfficientNetSpec;
  readonly tensors: StateDict;
  readonly statistics: 'running' | 'batch';
}

/**
 * A frozen EfficientNet. Its batch norms are folded into its convolutions; only where features are to be normalised
 * by batch statistics is the network kept as it was beside the folded one.
 * Throws if the tensors are of another network.
 */
export class EfficientnetTeacher implements Teacher {
  readonly description: TeacherDescription;
  readonly #folded: EfficientNet;
  readonly #unfolded: EfficientNet | undefined;

  constructor({ description, spec, tensors, statistics }: TeacherParts) {
    this.description = description;
    const network = new EfficientNet(spec);
    loadStateDict(network, tensors);
    this.#folded = foldBatchNorms(network);
    if (statistics === 'batch') this.#unfolded = network;
    else network.dispose();
  }

  features(images: tf.Tensor4D, stages: readonly number[]): tf.Tensor4D[] {
    const features = this.#unfolded
      ? this.#unfolded.features(images, BY_BATCH, stages)
      : this.#folded.features(images, EVALUATE, stages);
    return features as tf.Tensor4D[];
  }

  logits(images: tf.Tensor4D): tf.Tensor2D {
    return this.#folded.forward(images, EVALUATE) as tf.Tensor2D;
  }

  dispose(): void {
    this.#folded.dispose();
    this.#unfolded?.dispose();
  }
}
