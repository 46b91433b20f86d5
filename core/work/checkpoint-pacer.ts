import { stopped } from '../errors.js';
import type { TaskContext, TaskEvents, TaskState, TaskStore } from '../stages/index.js';

/** Share of a thread's time that timed checkpoints may take. */
export const CHECKPOINT_SHARE = 0.01;
/** Shorter intervals are meant as they are: someone wants to see each step on the disk. */
const STRETCHED_FROM_SECONDS = 1;

/** One task that is to be saved. */
export interface Saved {
  readonly task: string;
  readonly step: number;
  /** How far it is within the step, where a step can be saved in between. @default 0 */
  readonly part?: number;
  /** Everything that going on needs. */
  state(): TaskState;
}

/** What a pacer needs of a task's context. */
export interface PacedContext extends Pick<TaskContext, 'checkpointSeconds' | 'shouldStop'> {
  readonly store: Pick<TaskStore, 'saveCheckpoint'>;
  readonly events: Pick<TaskEvents, 'timeSpent' | 'checkpointSaved'>;
}

/**
 * When a thread saves, and what is told of it. The interval is `checkpointSeconds`, but if saving takes more than
 * 1 % of that, it is a hundred times as long as the last saving took. Intervals below a second are not stretched.
 */
export class CheckpointPacer {
  readonly #context: PacedContext;
  readonly #clock: () => number;
  #last: number;
  #interval: number;
  /** How far each task was when it was last saved; what has not begun needs no saving. */
  readonly #saved = new Map<string, string>();

  /** @param clock gives milliseconds. */
  constructor(context: PacedContext, clock: () => number = () => performance.now()) {
    this.#context = context;
    this.#clock = clock;
    this.#last = clock();
    this.#interval = context.checkpointSeconds;
  }

  /** Whether the interval is over. */
  get due(): boolean {
    return (this.#clock() - this.#last) / 1000 >= this.#interval;
  }

  /**
   * Called wherever tasks can be saved: saves those that have moved, if the interval is over or the process is asked to
   * stop.
   * @throws DnaError `STOPPED`, once they are saved
   */
  saveIfDue(tasks: () => readonly Saved[]): void {
    const stop = this.#context.shouldStop();
    if (stop || this.due) {
      const place = ({ step, part = 0 }: Saved) => `${step}.${part}`;
      const moved = tasks().filter((saved) => place(saved) !== (this.#saved.get(saved.task) ?? '0.0'));
      this.save(moved);
      for (const saved of moved) this.#saved.set(saved.task, place(saved));
    }
    if (stop) throw stopped();
  }

  /** Saves some tasks, and books the time. */
  save(tasks: Iterable<Saved>): void {
    const began = this.#clock();
    for (const task of tasks) this.#saveTask(task);
    this.#last = this.#clock();
    const { checkpointSeconds } = this.#context;
    if (checkpointSeconds < STRETCHED_FROM_SECONDS) return;
    const seconds = (this.#last - began) / 1000;
    this.#interval = Math.max(checkpointSeconds, seconds * (1 / CHECKPOINT_SHARE - 1));
  }

  #saveTask({ task, step, state }: Saved): void {
    const { store, events } = this.#context;
    const began = this.#clock();
    const saved = state();
    store.saveCheckpoint(task, step, saved);
    const milliseconds = this.#clock() - began;
    let bytes = 0;
    for (const { data } of saved.tensors.values()) bytes += data.byteLength;
    events.timeSpent('checkpoint', milliseconds / 1000);
    events.checkpointSaved({ task, step, bytes, milliseconds });
  }
}
