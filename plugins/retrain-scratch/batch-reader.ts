import type { Batch } from 'dna-nas/core/contracts';
import { ReadAhead } from 'dna-nas/nn/training';
import type { TrainingPlan } from './plan.js';
import type { Training } from './train-network.js';
import { trainingReader } from './training-images.js';

/** Reads the parts of each step's batch, some ahead, and books the time that training waits for them. */
export class BatchReader {
  readonly #ahead: ReadAhead;
  readonly #parts: number;

  constructor({ options, context }: Training, { order, steps, parts, microBatch }: TrainingPlan) {
    const random = context.random.fork('retrain');
    const { noticed, timeSpent } = context.events;
    this.#parts = parts;
    this.#ahead = new ReadAhead(trainingReader(context.dataset, options), {
      split: 'train',
      end: steps * parts,
      waited: (seconds) => timeSpent('retrain.data', seconds),
      request(number) {
        const [step, part] = [Math.floor(number / parts), number % parts];
        const indices = order.indices(step).slice(part * microBatch, (part + 1) * microBatch);
        // A stream for each part, as image i of what is read is augmented by the stream's fork i.
        const stream = random.fork('augment', step, ...(parts > 1 ? [part] : []));
        const augment = options.augment ? { augment: stream } : {};
        return { indices, options: { stage: 'retrain', noticed, ...augment } };
      },
    });
  }

  /** A part of a step's batch. */
  read(step: number, part: number): Promise<Batch> {
    return this.#ahead.take(step * this.#parts + part);
  }
}
