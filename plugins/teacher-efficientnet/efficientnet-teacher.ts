import type { Teacher, TeacherDescription } from 'dna-nas/core';
import {
  CALIBRATE,
  EfficientNet,
  type EfficientNetSpec,
  EVALUATE,
  foldBatchNorms,
  loadStateDict,
  type StateDict,
  type tf,
} from 'dna-nas/nn';

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
    // Calibrating overwrites the running statistics of the unfolded network, which nobody else reads.
    const features = this.#unfolded
      ? this.#unfolded.features(images, CALIBRATE, stages)
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
