import type { MetricsWriter } from 'dna-nas/files';
import { attempt } from 'dna-nas/files';
import type { RatedCandidate, Task, TaskEvents, TaskStore } from '../stages/index.js';
import { type Moment, TaskRecorder } from './task-recorder.js';

/** The files of tasks, metrics among them. */
export interface RecordedStore extends TaskStore {
  /** Opens a task's metrics, which go on from the checkpoint that was loaded. */
  openMetrics(task: string): MetricsWriter;
}

export interface RecorderDependencies {
  readonly tasks: readonly Task[];
  readonly store: RecordedStore;
  readonly events: TaskEvents;
  /** Gives milliseconds. @default performance.now */
  clock?(): number;
}

/** Stands between tasks and what they tell and save, and writes their metrics; the tasks know nothing of it. */
export class MetricsRecorder {
  readonly events: TaskEvents;
  readonly store: TaskStore;
  readonly #dependencies: RecorderDependencies;
  readonly #recorders = new Map<string, TaskRecorder>();
  readonly #ratings = new Map<string, number[]>();
  #waited = 0;
  readonly #clock: () => number;
  /** When any task of this thread has told of work. */
  #told: Moment;

  constructor(dependencies: RecorderDependencies) {
    this.#dependencies = dependencies;
    this.#clock = dependencies.clock ?? (() => performance.now());
    this.#told = { at: this.#clock(), waited: 0 };
    this.events = this.#listening(dependencies.events);
    this.store = this.#following(dependencies.store);
  }

  /** Writes what is left. Why the work ended is the error to tell, whatever the disk says to this. */
  end(): void {
    attempt(() => this.#writeRatings());
    for (const recorder of this.#recorders.values()) {
      attempt(() => recorder.flush());
      attempt(() => recorder.close());
    }
  }

  #listening(events: TaskEvents): TaskEvents {
    return {
      ...events,
      progress: (task, work) => {
        events.progress(task, work);
        this.#recorder(task)?.progress(work);
        this.#told = { at: this.#clock(), waited: this.#waited };
      },
      stepFinished: (event) => {
        events.stepFinished(event);
        this.#recorder(event.task)?.step(event);
      },
      epochFinished: (event) => {
        events.epochFinished(event);
        const { task, ...epoch } = event;
        this.#recorder(task)?.write({ event: 'epoch', ...epoch });
      },
      candidateRated: (event) => {
        events.candidateRated(event);
        this.#rated(event);
      },
      timeSpent: (on, seconds) => {
        events.timeSpent(on, seconds);
        if (on.endsWith('.data') || on.endsWith('.wait')) this.#waited += seconds;
      },
    };
  }

  #following(store: TaskStore): TaskStore {
    return {
      hasResult: (task) => store.hasResult(task),
      loadResult: (task) => store.loadResult(task),
      loadCheckpoint: (task) => store.loadCheckpoint(task),
      saveCheckpoint: (task, step, state) => {
        this.#recorder(task)?.flush({ saved: step });
        store.saveCheckpoint(task, step, state);
      },
      commitResult: (task, state) => {
        this.#recorder(task)?.flush({ lasting: true });
        store.commitResult(task, state);
      },
    };
  }

  /** Undefined for what is no task of this bundle. */
  #recorder(task: string): TaskRecorder | undefined {
    const known = this.#recorders.get(task);
    if (known || !this.#dependencies.tasks.some(({ id }) => id === task)) return known;
    const recorder = new TaskRecorder({
      open: () => this.#dependencies.store.openMetrics(task),
      clock: this.#clock,
      // A task that begins after another of this thread has not taken the other's time.
      began: this.#told,
      waited: () => this.#waited,
    });
    this.#recorders.set(task, recorder);
    return recorder;
  }

  #rated({ block, cell, rating }: RatedCandidate): void {
    const task = this.#dependencies.tasks.find(({ input }) => input.block === block && input.cell === cell);
    if (!task) return;
    const ratings = this.#ratings.get(task.id) ?? [];
    this.#ratings.set(task.id, ratings);
    ratings.push(rating);
  }

  #writeRatings(): void {
    for (const [task, ratings] of this.#ratings) {
      const sorted = Float64Array.from(ratings).sort();
      const count = sorted.length;
      const [best, median, worst] = [sorted[0]!, sorted[count >> 1]!, sorted[count - 1]!];
      this.#recorder(task)?.write({ event: 'ratings', count, best, median, worst });
    }
  }
}
