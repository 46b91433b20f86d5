import type { Network, StateDict } from 'dna-nas/core/contracts';
import type { Accuracy } from 'dna-nas/core/stages';
import { EVALUATE, type tf } from 'dna-nas/nn';
import {
  type AccuracyTally,
  type ClassifierTrainer,
  type MeasurableImages,
  type MeasuredAccuracy,
  measureAccuracy,
} from 'dna-nas/nn/training';
import { stateDict } from 'dna-nas/nn/weights';
import type { Course } from './course.js';
import type { Saver } from './saver.js';
import type { Training } from './train-network.js';

/** Accuracy of the weights that count, and of the trained ones where those are their average. */
export interface Measured extends MeasuredAccuracy {
  readonly raw?: Accuracy;
}

export interface EvaluatorParts {
  readonly network: Network;
  readonly trainer: ClassifierTrainer;
  readonly course: Course;
  readonly saver: Saver;
  /** Multiply-adds of the network on one image. */
  readonly macs: number;
  /** With labels, or labelled by the teacher. */
  readonly images: MeasurableImages;
}

/** Measures a network in training on the test split, from where the course is. */
export class Evaluator {
  readonly #training: Training;
  readonly #parts: EvaluatorParts;

  constructor(training: Training, parts: EvaluatorParts) {
    this.#training = training;
    this.#parts = parts;
  }

  /** @throws DnaError `STOPPED` between two batches, if the process was asked to. */
  async measure(): Promise<Measured> {
    const { trainer, course } = this.#parts;
    if (!trainer.average) return this.#accuracy(() => this.#saveIfDue());
    if (!course.measuring.raw) course.keepMeasuring({ raw: await this.#accuracy(() => this.#saveIfDue()) });
    const raw = course.measuring.raw!;
    const averaged = await this.#withAverages(() => this.#accuracy(() => this.#saveTrainedIfDue()));
    return { ...averaged, raw: { top1: raw.top1, top5: raw.top5 } };
  }

  /** The weights that count, with timm's names and layout. */
  weights(): Promise<StateDict> {
    return this.#withAverages(async () => stateDict(this.#parts.network));
  }

  async #withAverages<Result>(work: () => Promise<Result>): Promise<Result> {
    const { average } = this.#parts.trainer;
    average?.swap();
    try {
      return await work();
    } finally {
      average?.restore();
    }
  }

  #saveIfDue(): void {
    this.#parts.saver.saveIfDue();
  }

  /** A checkpoint holds the trained weights where they belong. */
  #saveTrainedIfDue(): void {
    const { saver, trainer } = this.#parts;
    if (!saver.due) return;
    trainer.average!.restore();
    try {
      saver.saveIfDue();
    } finally {
      trainer.average!.swap();
    }
  }

  #accuracy(saveIfDue: () => void): Promise<MeasuredAccuracy> {
    const { options, task, context } = this.#training;
    const { network, course, macs, images } = this.#parts;
    const classify = (batch: tf.Tensor4D) => network.forward(batch, EVALUATE) as tf.Tensor2D;
    return measureAccuracy(classify, images, {
      split: 'test',
      batch: options.evaluationBatch,
      from: course.measuring.tally,
      waited: (seconds) => context.events.timeSpent('retrain.data', seconds),
      noticed: context.events.noticed,
      progress: (count: number, tally: AccuracyTally) => {
        context.events.progress(task.id, count * macs);
        course.keepMeasuring({ ...course.measuring, tally });
        saveIfDue();
      },
    });
  }
}
