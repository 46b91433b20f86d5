import type { TaskState, TaskStore } from 'dna-nas/core/stages';
import { trainingDiverged } from './training-errors.js';

/** What is trained, for the message. */
export interface Trained {
  readonly task: string;
  /** `block 1, cell 2`. */
  readonly place: string;
  /** Steps taken so far, and of all. */
  readonly step: number;
  readonly steps: number;
  readonly learningRate: (step: number) => number;
  /** Slot of the learning rate: `distill.learningRate`. */
  readonly slot: string;
}

/** @throws DnaError `TRAINING_DIVERGED` if the loss of the latest step is no finite number. */
export function requireFiniteLoss(loss: number, trained: Trained, store: TaskStore): void {
  if (!Number.isFinite(loss)) throw diverged(`the loss is ${loss}`, trained, store);
}

/**
 * Weights that a step has spoiled may show in no loss yet: what is saved must be sound.
 *
 * @throws DnaError `TRAINING_DIVERGED` if a value is no finite number.
 */
export function requireFiniteState(tensors: TaskState['tensors'], trained: Trained, store: TaskStore): void {
  for (const [name, { data }] of tensors) {
    const wrong = data.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) throw diverged(`${name} holds ${wrong}`, trained, store);
  }
}

function diverged(found: string, { learningRate, ...trained }: Trained, store: TaskStore): Error {
  const kept = store.loadCheckpoint(trained.task)?.json.step as number | undefined;
  const rates = Array.from({ length: trained.step }, (_, index) => learningRate(index));
  const greatest = rates.reduce((most, rate) => Math.max(most, rate), 0);
  return trainingDiverged({ ...trained, found, kept, learningRate: Number(greatest.toPrecision(3)) });
}
