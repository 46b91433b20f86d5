import type { Teacher, TeacherDescription } from 'dna-nas/core';
import { CALIBRATE, EVALUATE, type Module } from '../module.js';
import type { Tensor2D, Tensor4D } from '../tensor.js';
import { foldBatchNorms } from '../weights/index.js';
import type { StagedModule } from './staged-module.js';

export interface FrozenTeacherOptions {
  readonly description: TeacherDescription;
  /** By which its batch norms normalise the features: its own statistics, or those of each batch. */
  readonly statistics: 'running' | 'batch';
}

/**
 * A trained network as a teacher, which takes it over. Its batch norms are folded into its convolutions; only where
 * features are to be normalised by batch statistics is the network kept as it was beside the folded one.
 *
 * Its answer is the folded network's, as its logits are, by either statistics: by those of the batch it would depend
 * on the other images, and batch norm would take out what a candidate's features have wrong in mean and scale. Running
 * statistics fit features of both kinds, since training collects them behind maps that each batch has normalised.
 */
export class FrozenTeacher implements Teacher {
  readonly description: TeacherDescription;
  /** Absent where the network cannot go on from a stage. */
  readonly answer?: (features: Tensor4D, stage: number) => Tensor2D;
  readonly #folded: StagedModule;
  readonly #unfolded: StagedModule | undefined;

  constructor(network: StagedModule, { description, statistics }: FrozenTeacherOptions) {
    this.description = description;
    this.#folded = foldBatchNorms<Module>(network) as StagedModule;
    if (statistics === 'batch') this.#unfolded = network;
    else network.dispose();
    if (this.#folded.forwardFrom)
      this.answer = (features, stage) => this.#folded.forwardFrom!(features, EVALUATE, stage) as Tensor2D;
  }

  features(images: Tensor4D, stages: readonly number[]): Tensor4D[] {
    // Calibrating overwrites the running statistics of the unfolded network, which nobody else reads.
    const features = this.#unfolded
      ? this.#unfolded.features(images, CALIBRATE, stages)
      : this.#folded.features(images, EVALUATE, stages);
    return features as Tensor4D[];
  }

  logits(images: Tensor4D): Tensor2D {
    return this.#folded.forward(images, EVALUATE) as Tensor2D;
  }

  dispose(): void {
    this.#folded.dispose();
    this.#unfolded?.dispose();
  }
}
