import type {
  Batch,
  FeatureShape,
  Network,
  NetworkTensor,
  Optimiser,
  RandomStream,
  StateDict,
  TaskState,
} from 'dna-nas/core';
import { softmaxCrossEntropy } from '../ops/index.js';
import {
  disposeGradients,
  gradients,
  MovingAverage,
  type MovingAverageOptions,
} from '../optimisers/index.js';
import { type Tensor2D, tensor1d, tensor4d } from '../tensor.js';
import { loadRawState, rawState, stateUnder } from '../weights/raw-state.js';

const NETWORK = 'network/';
const OPTIMISER = 'optimiser/';
const AVERAGE = 'average/';

export interface ClassifierTraining {
  readonly network: Network;
  readonly optimiser: Optimiser;
  readonly learningRate: (step: number) => number;
  /** Of the one-hot target, spread over all classes. */
  readonly labelSmoothing: number;
  readonly image: FeatureShape;
  /** With it, an exponential moving average of all weights is kept, and is what is measured and saved. */
  readonly movingAverage?: MovingAverageOptions;
  /** The stochastic layers' stream; each step forks its own. */
  readonly random: RandomStream;
}

/** Trains a classifier from labels, one step a call; knows how to go to the disk and come back. */
export class ClassifierTrainer {
  step = 0;
  readonly #training: ClassifierTraining;
  readonly #parameters: ReadonlyMap<string, NetworkTensor>;
  readonly #average: MovingAverage | undefined;

  constructor(training: ClassifierTraining) {
    this.#training = training;
    const tensors = [...training.network.tensors()];
    this.#parameters = new Map(tensors.filter(([, tensor]) => tensor.role === 'parameter'));
    this.#average = training.movingAverage && new MovingAverage(training.network, training.movingAverage);
  }

  /** One optimiser step; returns the loss. */
  train({ images, labels }: Batch): number {
    const { network, optimiser, learningRate, labelSmoothing, random } = this.#training;
    const { height, width, channels } = this.#training.image;
    const x = tensor4d(images, [labels.length, height, width, channels]);
    const y = tensor1d(labels, 'int32');
    const context = { mode: 'train', random: random.fork(this.step) } as const;
    const { value, gradients: found } = gradients(() => {
      const logits = network.forward(x, context) as Tensor2D;
      return softmaxCrossEntropy(logits, y, { smoothing: labelSmoothing });
    }, this.#parameters);
    optimiser.step(this.#parameters, found, learningRate(this.step));
    const loss = value.dataSync()[0]!;
    disposeGradients({ value, gradients: found });
    x.dispose();
    y.dispose();
    this.#average?.update();
    this.step++;
    return loss;
  }

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

  /** Frees optimiser and averages; the network stays the caller's. */
  dispose(): void {
    this.#training.optimiser.dispose();
    this.#average?.dispose();
  }
}
