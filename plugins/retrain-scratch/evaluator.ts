import { type Accuracy, type Network, type StateDict, stopped } from 'dna-nas/core';
import { type ClassifierTrainer, EVALUATE, measureAccuracy, stateDict, type tf } from 'dna-nas/nn';
import type { Training } from './train-network.js';

/** Accuracy of the weights that count, and of the trained ones where those are their average. */
export interface Measured extends Accuracy {
  readonly images: number;
  readonly raw?: Accuracy;
}

/** Measures a network in training on the test split. */
export class Evaluator {
  readonly #training: Training;
  readonly #network: Network;
  readonly #trainer: ClassifierTrainer;
  readonly #macs: number;

  constructor(training: Training, parts: { network: Network; trainer: ClassifierTrainer; macs: number }) {
    this.#training = training;
    this.#network = parts.network;
    this.#trainer = parts.trainer;
    this.#macs = parts.macs;
  }

  /** @throws DnaError `STOPPED` between two batches, if the process was asked to. */
  async measure(): Promise<Measured> {
    if (!this.#trainer.average) return this.#accuracy();
    const { top1, top5 } = await this.#accuracy();
    return { ...(await this.#withAverages(() => this.#accuracy())), raw: { top1, top5 } };
  }

  /** The weights that count, with timm's names and layout. */
  weights(): Promise<StateDict> {
    return this.#withAverages(async () => stateDict(this.#network));
  }

  async #withAverages<Result>(work: () => Promise<Result>): Promise<Result> {
    const { average } = this.#trainer;
    average?.swap();
    try {
      return await work();
    } finally {
      average?.restore();
    }
  }

  #accuracy(): Promise<Accuracy & { images: number }> {
    const { options, task, context } = this.#training;
    const classify = (images: tf.Tensor4D) => this.#network.forward(images, EVALUATE) as tf.Tensor2D;
    return measureAccuracy(classify, context.dataset, {
      split: 'test',
      batch: options.evaluationBatch,
      waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
      noticed: context.events.noticed,
      progress: (images) => {
        context.events.progress(task.id, images * this.#macs);
        if (context.shouldStop()) throw stopped();
      },
    });
  }
}
