import type { Batch, RandomStream } from 'dna-nas/core';
import type { TrainingPlan } from './plan.js';
import type { Training } from './train-network.js';

/** Reads the parts of each step's batch, one ahead, and books the time that training waits for them. */
export class BatchReader {
  readonly #training: Training;
  readonly #plan: TrainingPlan;
  readonly #random: RandomStream;

  constructor(training: Training, plan: TrainingPlan) {
    this.#training = training;
    this.#plan = plan;
    this.#random = training.context.random.fork('retrain');
  }

  async read(step: number, part: number): Promise<Batch> {
    const { dataset, events } = this.#training.context;
    const began = performance.now();
    const batch = await dataset.read('train', ...this.#request(step, part));
    events.timeSpent('retrain.data', (performance.now() - began) / 1000);
    this.#announce(part + 1 < this.#plan.parts ? [step, part + 1] : [step + 1, 0]);
    return batch;
  }

  #announce([step, part]: [number, number]): void {
    if (step < this.#plan.steps)
      this.#training.context.dataset.prefetch?.('train', ...this.#request(step, part));
  }

  #request(step: number, part: number) {
    const { order, microBatch, parts } = this.#plan;
    const indices = order.indices(step).slice(part * microBatch, (part + 1) * microBatch);
    return [indices, this.#augmentation(step, parts > 1 ? [part] : [])] as const;
  }

  /** A stream for each part, as image i of what is read is augmented by the stream's fork i. */
  #augmentation(step: number, part: readonly number[]) {
    const { noticed } = this.#training.context.events;
    const told = { stage: 'retrain', noticed } as const;
    return this.#training.options.augment
      ? { ...told, augment: this.#random.fork('augment', step, ...part) }
      : told;
  }
}
