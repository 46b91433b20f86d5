import type { Network, StateDict } from 'dna-nas/core/contracts';
import type { Accuracy } from 'dna-nas/core/stages';
import { EVALUATE, type tf } from 'dna-nas/nn';
import {
  type ClassifierTrainer,
  type MeasurableImages,
  type MeasuredAccuracy,
  measureAccuracies,
  PerImagePass,
} from 'dna-nas/nn/training';
import { stateDict } from 'dna-nas/nn/weights';
import type { Saver } from './saver.js';
import type { Training } from './train-network.js';
import type { TrainingHistory } from './training-history.js';

/** Accuracy of the weights that count, and of the trained ones where those are their average. */
export interface Measured extends MeasuredAccuracy {
  readonly raw?: Accuracy;
}

export interface EvaluatorDependencies {
  readonly network: Network;
  readonly trainer: ClassifierTrainer;
  readonly history: TrainingHistory;
  readonly saver: Saver;
  /** Multiply-adds of the network on one image. */
  readonly macs: number;
  /** With labels, or labelled by the teacher. */
  readonly images: MeasurableImages;
}

/** Measures a network in training on the test split, from where the history ends. */
export class Evaluator {
  readonly #training: Training;
  readonly #dependencies: EvaluatorDependencies;
  readonly #pass: PerImagePass;

  constructor(training: Training, dependencies: EvaluatorDependencies) {
    const { noticed } = training.context.events;
    this.#pass = new PerImagePass({ what: `The test of ${training.task.id}`, noticed });
    this.#training = training;
    this.#dependencies = dependencies;
  }

  /** Reads every image once. @throws DnaError `STOPPED` between two batches, if the process was asked to. */
  async measure(): Promise<Measured> {
    const { options, task, context } = this.#training;
    const { trainer, history, macs, images, saver } = this.#dependencies;
    const classify = (batch: tf.Tensor4D) => this.#classify(batch);
    const averaged = (batch: tf.Tensor4D) => this.#withAverages(() => this.#classify(batch));
    const classifiers = trainer.average ? [averaged, classify] : [classify];
    const [counts, raw] = await measureAccuracies(classifiers, images, {
      split: 'test',
      batch: options.evaluationBatch,
      from: history.tallies,
      waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
      noticed: context.events.noticed,
      progress: (count, tallies) => {
        context.events.progress(task.id, count * macs * classifiers.length);
        history.keepTallies(tallies);
        saver.saveIfDue();
      },
    });
    return { ...counts!, ...(raw && { raw: { top1: raw.top1, top5: raw.top5 } }) };
  }

  /** The weights that count, with timm's names and layout. */
  weights(): StateDict {
    return this.#withAverages(() => stateDict(this.#dependencies.network));
  }

  #classify(batch: tf.Tensor4D): tf.Tensor2D {
    const { network } = this.#dependencies;
    return this.#pass.run(batch, (some) => [network.forward(some, EVALUATE) as tf.Tensor2D])[0]!;
  }

  /** Outside of it the network has its trained weights, which is what a checkpoint takes. */
  #withAverages<Result>(work: () => Result): Result {
    const { average } = this.#dependencies.trainer;
    average?.swap();
    try {
      return work();
    } finally {
      average?.restore();
    }
  }
}
