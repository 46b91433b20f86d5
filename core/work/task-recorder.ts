import type { MetricsEntry, MetricsRow, MetricsWriter } from 'dna-nas/files';
import type { StepFinished } from '../stages/index.js';

/** Steps that have a point each, and points of each doubling of the steps after them. */
const POINTS_A_DOUBLING = 512;
/**
 * Milliseconds between two writings: the first, the greatest, and in between a share of the time since the start. With
 * a checkpoint a minute, at which is written too, a week of lines is two megabytes.
 */
const FIRST_INTERVAL = 1000;
const GREATEST_INTERVAL = 90_000;
const INTERVAL_SHARE = 1 / 60;

/** What a step tells beside its number. */
type Step = Pick<StepFinished, 'step' | 'steps' | 'loss' | 'learningRate' | 'images'>;

/** A time of the clock, and the seconds that the thread had stood still by then. */
export interface Moment {
  readonly at: number;
  readonly waited: number;
}

/** Steps that do not make a whole point yet. */
interface OpenPoint {
  readonly began: Moment;
  steps: number;
  losses: number;
  work: number;
  images: number;
  learningRate?: number | undefined;
}

export interface TaskRecorderDependencies {
  /** Is asked at the first writing. */
  open(): MetricsWriter;
  /** Gives milliseconds. */
  clock(): number;
  /** From when the first step counts. */
  readonly began: Moment;
  /** Seconds that the thread has stood still so far. */
  waited(): number;
}

/** Records the metrics of one task in this process: makes points of its steps, and writes them now and then. */
export class TaskRecorder {
  readonly #dependencies: TaskRecorderDependencies;
  #writer: MetricsWriter | undefined;
  #point: OpenPoint;
  #rows: MetricsRow[] = [];
  #step = 0;
  #steps: number | undefined;
  #stepTold = true;
  #written: number;

  constructor(dependencies: TaskRecorderDependencies) {
    this.#dependencies = dependencies;
    this.#point = openPoint(dependencies.began);
    this.#written = dependencies.began.at;
  }

  progress(work: number): void {
    this.#point.work += work;
    // The work of a step is told right before the step, with which it is to stand in one point.
    if (!this.#stepTold) this.#writeIfDue();
    this.#stepTold = false;
  }

  step({ step, steps, loss, learningRate, images = 0 }: Step): void {
    const point = this.#point;
    point.steps++;
    point.losses += loss;
    point.images += images;
    point.learningRate = learningRate;
    this.#step = step + 1;
    this.#steps = steps;
    this.#stepTold = true;
    if (point.steps >= stepsOfPoint(this.#step - point.steps)) this.#closePoint();
    this.#writeIfDue();
  }

  /** Writes an entry after the points before it. */
  write(entry: MetricsEntry): void {
    this.flush();
    this.#opened().write(entry);
  }

  /**
   * Writes all points: with the step of a checkpoint before that is saved, so that none has steps that are lost.
   * @param options.lasting whether they are to outlast a power loss @default with a checkpoint
   */
  flush({ saved, lasting = saved !== undefined }: { saved?: number; lasting?: boolean } = {}): void {
    this.#closePoint();
    this.#written = this.#dependencies.clock();
    if (this.#rows.length === 0 && !lasting) return;
    const { rss: memory } = process.memoryUsage();
    const [rows, steps] = [this.#rows, this.#steps];
    this.#opened().write({ event: 'points', rows, steps, memory, saved }, lasting);
    this.#rows = [];
  }

  close(): void {
    this.#writer?.close();
  }

  #writeIfDue(): void {
    const now = this.#dependencies.clock();
    const wanted = (now - this.#dependencies.began.at) * INTERVAL_SHARE;
    const interval = Math.min(GREATEST_INTERVAL, Math.max(FIRST_INTERVAL, wanted));
    if (now - this.#written >= interval) this.flush();
  }

  #opened(): MetricsWriter {
    this.#writer ??= this.#dependencies.open();
    return this.#writer;
  }

  #closePoint(): void {
    const { began, steps, losses, work, images, learningRate } = this.#point;
    if (steps === 0 && work === 0) return;
    const now = { at: this.#dependencies.clock(), waited: this.#dependencies.waited() };
    this.#point = openPoint(now);
    this.#rows.push({
      ...{ step: this.#step, steps, seconds: (now.at - began.at) / 1000, work },
      ...(steps > 0 && { loss: losses / steps }),
      ...(learningRate !== undefined && { learningRate }),
      ...(images > 0 && { images }),
      waited: now.waited - began.waited,
    });
  }
}

function openPoint(began: Moment): OpenPoint {
  return { began, steps: 0, losses: 0, work: 0, images: 0 };
}

/** A power of two. @param first steps before the point */
function stepsOfPoint(first: number): number {
  return 2 ** Math.max(0, Math.floor(Math.log2(Math.max(1, first) / POINTS_A_DOUBLING)));
}
