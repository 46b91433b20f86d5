import {
  CheckpointPacer,
  requireFiniteState,
  stopped,
  type TaskContext,
  type Trained,
  type TrainingWorld,
} from 'dna-nas/core';
import type { ClassifierTrainer } from 'dna-nas/nn';
import type { Course } from './course.js';

interface Saved {
  readonly context: TaskContext<TrainingWorld>;
  readonly trainer: ClassifierTrainer;
  readonly course: Course;
  readonly trained: () => Trained;
}

/** Timed checkpoints of one network's training. */
export class Saver {
  readonly #saved: Saved;
  readonly #pacer: CheckpointPacer;

  constructor(saved: Saved) {
    this.#saved = saved;
    this.#pacer = new CheckpointPacer(saved.context);
  }

  load(): void {
    const { context, trainer, course, trained } = this.#saved;
    const checkpoint = context.store.loadCheckpoint(trained().task);
    if (!checkpoint) return;
    trainer.load(checkpoint.json.step as number, checkpoint.tensors);
    course.load(checkpoint);
  }

  saveIfDue(): void {
    const stop = this.#saved.context.shouldStop();
    if (stop || this.#pacer.due) this.#save();
    if (stop) throw stopped();
  }

  /** Work between two steps that may be stopped: what was trained before it is saved. */
  async guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (this.#saved.context.shouldStop()) this.#save();
      throw error;
    }
  }

  #save(): void {
    const { context, trainer, course, trained } = this.#saved;
    const { task, step } = trained();
    const state = () => {
      const weights = trainer.state();
      requireFiniteState(weights, trained(), context.store);
      const { json, tensors } = course.state();
      return { json: { step, ...json }, tensors: new Map([...weights, ...tensors]) };
    };
    this.#pacer.save([{ task, step, state }]);
  }
}
