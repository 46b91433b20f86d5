import type { BatchNormStatistics, Teacher, TeacherDescription } from 'dna-nas/core/contracts';
import { CALIBRATE, EVALUATE, type ForwardContext, type Module } from '../module.js';
import type { Tensor2D, Tensor4D } from '../tensor.js';
import { foldBatchNorms } from '../weights/index.js';
import { openRest } from './open-rest.js';
import type { StagedModule } from './staged-module.js';

export interface FrozenTeacherOptions {
  readonly description: TeacherDescription;
  /** By which its batch norms normalise the features: its own statistics, or those of each batch. */
  readonly statistics: BatchNormStatistics;
}

/**
 * A trained network as a teacher. Its batch norms are folded into its convolutions; the network as it was is made only
 * where features or answers by the statistics of a batch are asked for. Its logits are the folded network's.
 */
export class FrozenTeacher implements Teacher {
  readonly description: TeacherDescription;
  readonly statistics: BatchNormStatistics;
  /** Absent where the network cannot go on from a stage. */
  readonly answer?: Teacher['answer'];
  readonly rest?: Teacher['rest'];
  readonly #create: () => StagedModule;
  readonly #folded: StagedModule;
  #unfolded: StagedModule | undefined;

  /** `create` gives the network with its weights, a new one each time, which the teacher takes over. */
  constructor(create: () => StagedModule, { description, statistics }: FrozenTeacherOptions) {
    this.description = description;
    this.#create = create;
    this.statistics = statistics;
    const network = create();
    this.#folded = foldBatchNorms<Module>(network) as StagedModule;
    if (statistics === 'batch') this.#unfolded = network;
    else network.dispose();
    if (this.#folded.forwardFrom)
      this.answer = (features, stage, by) => {
        const [given, context] = this.#by(by);
        return given.forwardFrom!(features, context, stage) as Tensor2D;
      };
    if (this.#folded.forwardFrom && this.#folded.tensorsBehind)
      this.rest = (stage) => openRest(create(), stage);
  }

  features(images: Tensor4D, stages: readonly number[]): Tensor4D[] {
    const [network, context] = this.#by(this.statistics);
    return network.features(images, context, stages) as Tensor4D[];
  }

  /** To calibrate overwrites the running statistics of the unfolded network, which nobody reads. */
  #by(statistics: BatchNormStatistics): readonly [StagedModule, ForwardContext] {
    if (statistics === 'running') return [this.#folded, EVALUATE];
    this.#unfolded ??= this.#create();
    return [this.#unfolded, CALIBRATE];
  }

  logits(images: Tensor4D): Tensor2D {
    return this.#folded.forward(images, EVALUATE) as Tensor2D;
  }

  dispose(): void {
    this.#folded.dispose();
    this.#unfolded?.dispose();
  }
}
