import type { TaskContext, TaskState, TrainingWorld } from 'dna-nas/core/stages';
import { CheckpointPacer } from 'dna-nas/core/work';
import type { ClassifierTrainer } from 'dna-nas/nn/training';
import { requireFiniteState, type Trained } from 'dna-nas/nn/training';
import type { TrainingHistory } from './training-history.js';

interface Saved {
  readonly context: TaskContext<TrainingWorld>;
  readonly trainer: ClassifierTrainer;
  readonly history: TrainingHistory;
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
    const { context, trainer, history, trained } = this.#saved;
    const checkpoint = context.store.loadCheckpoint(trained().task);
    if (!checkpoint) return;
    trainer.load(checkpoint.json.step as number, checkpoint.tensors);
    history.load(checkpoint);
  }

  /** @throws DnaError `STOPPED`, once everything is saved */
  saveIfDue(): void {
    const { history, trained } = this.#saved;
    const { task, step } = trained();
    this.#pacer.saveIfDue(() => [{ task, step, part: history.measured, state: () => this.#state() }]);
  }

  /** Whether `saveIfDue` would save. */
  get due(): boolean {
    return this.#pacer.due || this.#saved.context.shouldStop();
  }

  #state(): TaskState {
    const { context, trainer, history, trained } = this.#saved;
    const weights = trainer.state();
    requireFiniteState(weights, trained(), context.store);
    const { json, tensors } = history.state();
    return { json: { step: trained().step, ...json }, tensors: new Map([...weights, ...tensors]) };
  }
}
