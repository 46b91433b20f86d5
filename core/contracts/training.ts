import type { Scalar, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random.js';
import type { ForwardContext, NetworkTensor, Repeatable } from './network.js';
import type { SearchSpace } from './space.js';
import type { BatchNormStatistics, Block } from './teacher.js';

/** One weight-sharing cell of one block, as rating and training see it. */
export interface CellSupernet extends Repeatable {
  readonly block: number;
  readonly cell: number;
  /** Number of operations of each layer. */
  readonly choices: readonly number[];
  /** What stands before the first layer: stem and adapter. */
  entrance(x: Tensor, context: ForwardContext): Tensor;
  layer(index: number, operation: number, x: Tensor, context: ForwardContext): Tensor;
  /** Entrance and all layers of a path: [n,h,w,c of the teacher's output]. */
  forward(x: Tensor, path: readonly number[], context: ForwardContext): Tensor;
  /** Tensors that a path uses, by name. */
  pathTensors(path: readonly number[]): Map<string, NetworkTensor>;
  /** Buffers of one operation of one layer, or of the entrance (`layer` −1): what a rating must set aside. */
  buffers(layer: number, operation: number): Map<string, NetworkTensor>;
  tensors(): Map<string, NetworkTensor>;
  /** Multiply-adds of the mean path on one image. */
  meanMacs(): number;
  /** Elements of the feature maps that training its widest path keeps for the backward pass, for one image. */
  activations?(): number;
  initialise(random: RandomStream): this;
  dispose(): void;
}

export interface CellRequest {
  readonly space: SearchSpace;
  readonly block: Block;
  readonly cell: number;
}

/** Answer of a supernet plugin. */
export interface Supernet {
  createCell(request: CellRequest): CellSupernet;
}

/** Draws the path of a step; a pure function of the step, so that a resumed run draws the same. */
export type PathSampler = (request: {
  readonly choices: readonly number[];
  /** Index of the draw: optimiser step × paths a step + which of them. */
  readonly draw: number;
  /** The cell's own stream. */
  readonly random: RandomStream;
}) => readonly number[];

/** Distance of the student's feature map from the teacher's: a scalar with a gradient to `student`. */
export interface FeatureLoss {
  readonly name: string;
  /** Marked by `repeatable` of `dna-nas/nn` if it depends on the two maps alone. */
  readonly compute: (student: Tensor, teacher: Tensor) => Scalar;
}

/**
 * Distance of a candidate from the teacher over one batch, lower is better: a scalar that can be added over blocks. A
 * candidate's rating is the mean over batches.
 */
export interface Rating {
  readonly name: string;
  /**
   * What `compute` is given. `features`: the feature maps of candidate and teacher. `answers`: the teacher's logits
   * [n, classes] with the candidate in the place of its block, and with its own. @default 'features'
   */
  readonly compares?: 'features' | 'answers';
  /** What the teacher's batch norms between features and answers normalise by. @default 'running' */
  readonly statistics?: BatchNormStatistics;
  compute(student: Tensor, teacher: Tensor): Scalar;
}

export type StateDict = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/**
 * Changes parameters by their gradients. Slots (moments, buffers) and step counts belong to a parameter's name, so
 * that a step which trains one path leaves every other parameter as it was: value, slots, count and decay.
 */
export interface Optimiser {
  /**
   * One step for exactly the parameters given; the gradients stay the caller's to dispose.
   * @throws If a parameter has no gradient or one of another shape.
   */
  step(
    parameters: ReadonlyMap<string, NetworkTensor>,
    gradients: ReadonlyMap<string, Tensor>,
    learningRate: number,
  ): void;
  /** Slots as in memory, named `<slot>/<parameter>`, and counts, named `steps/<parameter>`. */
  state(): StateDict;
  /**
   * Replaces all slots and counts by those of `state`.
   * @throws If the dictionary is not of this kind of optimiser.
   */
  load(state: StateDict): void;
  /** Frees the slots; the next step starts afresh. */
  dispose(): void;
}

/** Answer of an optimiser plugin. */
export type OptimiserFactory = () => Optimiser;

export interface ScheduleRequest {
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** Answer of a schedule plugin: step (from 0) → learning rate. */
export type ScheduleFactory = (request: ScheduleRequest) => (step: number) => number;

/**
 * `still`: parameters that no path of a step uses stay as they are. `momentum`: they take part with gradients of zero
 * from the first step on that used them, so that the optimiser's moments and weight decay move them on.
 */
export type OffPath = 'still' | 'momentum';

/** What a distillation step is made of. */
export interface DistillStepDependencies {
  readonly cell: CellSupernet;
  readonly loss: FeatureLoss;
  readonly sampler: PathSampler;
  readonly optimiser: Optimiser;
  readonly learningRate: (step: number) => number;
  /** Paths drawn in one optimiser step, each on its own share of the batch; gradients are averaged. */
  readonly pathsPerStep: number;
  /** What becomes of parameters that no path of a step uses. @default 'still' */
  readonly offPath?: OffPath;
  readonly random: RandomStream;
}

/** One optimiser step of one cell on the teacher's features; returns the loss (a read-back number). */
export interface DistillStep {
  (features: { input: Tensor4D; target: Tensor4D }, step: number): number | Promise<number>;
  /** Frees what it keeps between steps. Called on what the factory made, once its cell is trained. */
  dispose?(): void;
}

/** Answer of a step plugin. */
export type DistillStepFactory = (dependencies: DistillStepDependencies) => DistillStep;
