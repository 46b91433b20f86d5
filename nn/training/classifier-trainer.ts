import type { RandomStream } from 'dna-nas/core';
import type {
  Batch,
  FeatureShape,
  ForwardContext,
  Network,
  NetworkTensor,
  Optimiser,
  StateDict,
} from 'dna-nas/core/contracts';
import type { TaskState } from 'dna-nas/core/stages';
import { softmaxCrossEntropy } from '../ops/index.js';
import {
  GradientMean,
  MovingAverage,
  type MovingAverageOptions,
  RecordedGradients,
} from '../optimisers/index.js';
import {
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor4D,
  tensor1d,
  tensor4d,
} from '../tensor.js';
import { loadRawState, rawState, stateUnder } from '../weights/raw-state.js';
import { BufferMean } from './buffer-mean.js';
import { drawMixingShare, mixUp } from './mixup.js';

const NETWORK = 'network/';
const OPTIMISER = 'optimiser/';
const AVERAGE = 'average/';

export interface ClassifierTraining {
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly learningRate: (step: number) => number;
  /** Of the one-hot target, spread over all classes. */
  readonly labelSmoothing: number;
  /**
   * What is learnt in place of the labels, as shares of the classes [n, classes], from the images as the network sees
   * them, [n, h, w, c]. Labels are not looked at, nor smoothed.
   */
  readonly targets?: (images: Tensor4D) => Tensor2D;
  readonly image: FeatureShape;
  /** With it, an exponential moving average of all weights is kept, and is what is measured and saved. */
  readonly movingAverage?: MovingAverageOptions;
  /** Mixup of images and labels, with λ from Beta(alpha, alpha) for each step. @default none */
  readonly mixup?: { readonly alpha: number; readonly classes: number };
  /**
   * Parts that a step's batch is given in, all of one size, as if each were on a device of its own: batch norm sees
   * one part, gradients are averaged, and running statistics move once by the parts' mean. @default 1
   */
  readonly parts?: number;
  /**
   * By what batch norms normalise: each batch's statistics, or their own running ones, which stay as they are. With these
   * nothing is dropped either.
   * @default 'batch'
   */
  readonly statistics?: 'batch' | 'running';
  /** The stochastic layers' stream; each step forks its own. */
  readonly random: RandomStream;
}

/** Trains a classifier from labels or other targets, one step a call; knows how to go to the disk and come back. */
export class ClassifierTrainer {
  step = 0;
  readonly #training: ClassifierTraining;
  readonly #parameters: ReadonlyMap<string, NetworkTensor>;
  readonly #average: MovingAverage | undefined;
  readonly #parts: number;
  readonly #gradients = new GradientMean();
  readonly #buffers: BufferMean;
  readonly #passes: RecordedGradients;
  #losses: Scalar[] = [];

  constructor(training: ClassifierTraining) {
    this.#training = training;
    const tensors = [...training.network.tensors()];
    this.#parameters = new Map(tensors.filter(([, tensor]) => tensor.role === 'parameter'));
    this.#buffers = new BufferMean(new Map(tensors.filter(([, tensor]) => tensor.role === 'buffer')));
    this.#average = training.movingAverage && new MovingAverage(training.network, training.movingAverage);
    this.#parts = training.parts ?? 1;
    this.#passes = new RecordedGradients({ repeatable: training.network.repeatable ?? false });
  }

  /** The weights' moving average, if there is one. */
  get average(): MovingAverage | undefined {
    return this.#average;
  }

  /** Of the step, by its number. */
  get learningRate(): (step: number) => number {
    return this.#training.learningRate;
  }

  /** One optimiser step on a whole batch; returns the loss. */
  train(batch: Batch): number {
    this.accumulate(batch);
    return this.update();
  }

  /** Forward and backward pass of the next part of the step's batch. */
  accumulate({ images, labels }: Batch): void {
    const part = this.#losses.length;
    if (part === this.#parts) throw new Error(`The step has its ${part} parts: call update() first.`);
    const { height, width, channels } = this.#training.image;
    const held = new Set<Tensor>();
    const hold = <Held extends Tensor>(tensor: Held) => {
      held.add(tensor);
      return tensor;
    };
    try {
      const x = hold(tensor4d(images, [labels.length, height, width, channels]));
      const batch = this.#mixed(x, hold(tensor1d(labels, 'int32')));
      const [seen, own] = [hold(batch.images), hold(batch.labels)];
      const targets = this.#training.targets ? hold(this.#training.targets(seen)) : own;
      if (this.#parts > 1) this.#buffers.beginPart();
      const found = this.#passes.compute(
        { key: '', inputs: [seen, targets], random: this.#stream(part) },
        () => ({ parameters: this.#parameters, compute: (inputs, random) => this.#loss(inputs, random) }),
      );
      if (this.#parts > 1) this.#buffers.endPart();
      this.#gradients.add(found.gradients);
      this.#losses.push(found.value);
    } finally {
      for (const tensor of held) tensor.dispose();
    }
  }

  /** The optimiser's step, once all parts are in; returns the mean loss. */
  update(): number {
    const { optimiser, learningRate } = this.#training;
    if (this.#losses.length !== this.#parts) {
      throw new Error(`The step has ${this.#losses.length} of its ${this.#parts} parts.`);
    }
    const mean = this.#gradients.take();
    optimiser.step(this.#parameters, mean, learningRate(this.step));
    if (this.#parts > 1) this.#buffers.apply();
    for (const gradient of mean.values()) gradient.dispose();
    const loss = this.#losses.reduce((sum, value) => sum + value.dataSync()[0]!, 0) / this.#parts;
    this.#dropLosses();
    this.#average?.update();
    this.step++;
    return loss;
  }

  /** Gives up the parts of the step that are in: everything is as after the step before. */
  abandonStep(): void {
    this.#gradients.dispose();
    this.#buffers.abandon();
    this.#dropLosses();
  }

  #mixed(images: Tensor4D, labels: Tensor1D): { images: Tensor4D; labels: Tensor } {
    const { mixup, random } = this.#training;
    if (!mixup) return { images, labels };
    const share = drawMixingShare(mixup.alpha, random.fork(this.step, 'mixup'));
    return mixUp({ images, labels }, { share, classes: mixup.classes });
  }

  #loss([images, labels]: readonly Tensor[], random: RandomStream | undefined): Scalar {
    const { network, statistics, targets } = this.#training;
    const smoothing = targets ? 0 : this.#training.labelSmoothing;
    const context: ForwardContext =
      statistics === 'running' ? { mode: 'evaluate' } : { mode: 'train', random };
    const logits = network.forward(images!, context) as Tensor2D;
    return softmaxCrossEntropy(logits, labels!, { smoothing });
  }

  #stream(part: number): RandomStream {
    const { random } = this.#training;
    return this.#parts > 1 ? random.fork(this.step, part) : random.fork(this.step);
  }

  #dropLosses(): void {
    for (const loss of this.#losses) loss.dispose();
    this.#losses = [];
  }

  /** Everything that going on needs, between two steps. */
  state(): StateDict {
    const state = rawState(this.#training.network.tensors(), NETWORK);
    for (const [name, value] of this.#training.optimiser.state()) state.set(OPTIMISER + name, value);
    for (const [name, value] of this.#average?.state() ?? []) state.set(AVERAGE + name, value);
    return state;
  }

  load(step: number, state: TaskState['tensors']): void {
    loadRawState(this.#training.network.tensors(), state, NETWORK);
    this.#training.optimiser.load(stateUnder(state, OPTIMISER));
    this.#average?.load(stateUnder(state, AVERAGE));
    this.step = step;
  }

  /** Training is over: the network takes its averages, if there are any. */
  finish(): void {
    this.#average?.swap();
  }

  /** Frees optimiser, averages and what a broken-off step has left; the network stays the caller's. */
  dispose(): void {
    this.#training.optimiser.dispose();
    this.#average?.dispose();
    this.#gradients.dispose();
    this.#passes.dispose();
    this.#buffers.dispose();
    this.#dropLosses();
  }
}
