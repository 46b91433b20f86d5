import { attempt } from 'dna-nas/files';
import type { RatedCandidate, Task, TaskEvents, TaskStore } from '../stages/index.js';
import type { MetricsWriter } from '../store/index.js';
import { type Moment, TaskCourse } from './task-course.js';

/** The files of tasks, metrics among them. */
export interface RecordedStore extends TaskStore {
  /** Opens a task's metrics, which go on from the checkpoint that was loaded. */
  openMetrics(task: string): MetricsWriter;
}

export interface RecorderParts {
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
  readonly #parts: RecorderParts;
  readonly #courses = new Map<string, TaskCourse>();
  readonly #ratings = new Map<string, number[]>();
  #waited = 0;
  readonly #clock: () => number;
  /** When any task of this thread has told of work. */
  #told: Moment;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? (() => performance.now());
    this.#told = { at: this.#clock(), waited: 0 };
    this.events = this.#listening(parts.events);
    this.store = this.#following(parts.store);
  }

  /** Writes what is left. Why the work ended is the error to tell, whatever the disk says to this. */
  end(): void {
    attempt(() => this.#writeRatings());
    for (const course of this.#courses.values()) {
      attempt(() => course.flush());
      attempt(() => course.close());
    }
  }

  #listening(events: TaskEvents): TaskEvents {
    return {
      ...events,
      progress: (task, work) => {
        events.progress(task, work);
        this.#course(task)?.progress(work);
        this.#told = { at: this.#clock(), waited: this.#waited };
      },
      stepFinished: (event) => {
        events.stepFinished(event);
        this.#course(event.task)?.step(event);
      },
      epochFinished: (event) => {
        events.epochFinished(event);
        const { task, ...epoch } = event;
        this.#course(task)?.write({ event: 'epoch', ...epoch });
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
        this.#course(task)?.flush({ saved: step });
        store.saveCheckpoint(task, step, state);
      },
      commitResult: (task, state) => {
        this.#course(task)?.flush({ lasting: true });
        store.commitResult(task, state);
      },
    };
  }

  /** Undefined for what is no task of this bundle. */
  #course(task: string): TaskCourse | undefined {
    const known = this.#courses.get(task);
    if (known || !this.#parts.tasks.some(({ id }) => id === task)) return known;
    const course = new TaskCourse({
      open: () => this.#parts.store.openMetrics(task),
      clock: this.#clock,
      // A task that begins after another of this thread has not taken the other's time.
      began: this.#told,
      waited: () => this.#waited,
    });
    this.#courses.set(task, course);
    return course;
  }

  #rated({ block, cell, rating }: RatedCandidate): void {
    const task = this.#parts.tasks.find(({ input }) => input.block === block && input.cell === cell);
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
      this.#course(task)?.write({ event: 'ratings', count, best, median, worst });
    }
  }
}
