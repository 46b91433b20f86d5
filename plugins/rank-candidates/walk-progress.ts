import type { CellRater } from './cell-rater.js';
import type { BatchWork } from './rating-work.js';

/** Milliseconds between two tellings within a batch, which may take minutes, or a moment. */
const INTERVAL = 250;

interface Walks {
  /** Of one batch. */
  readonly work: BatchWork;
  readonly calibrationBatches: number;
}

type Far = Pick<CellRater, 'step' | 'units'>;

/** Tells the work of a rating as it goes from unit to unit, from where it was taken up. */
export class WalkProgress {
  readonly #walks: Walks;
  readonly #tell: (work: number) => void;
  #told: number;
  #last = performance.now();

  constructor(rater: Far, walks: Walks, tell: (work: number) => void) {
    this.#walks = walks;
    this.#tell = tell;
    this.#told = this.#workOf(rater);
  }

  /** @param now whether to tell at once what there is @default false */
  tell(rater: Far, now = false): void {
    const time = performance.now();
    if (!now && time - this.#last < INTERVAL) return;
    const done = this.#workOf(rater);
    if (done > this.#told) this.#tell(done - this.#told);
    this.#told = done;
    this.#last = time;
  }

  #workOf({ step, units }: Far): number {
    const { work, calibrationBatches } = this.#walks;
    const batches = step / units;
    const calibrated = Math.min(batches, calibrationBatches);
    return calibrated * work.calibrate + (batches - calibrated) * work.rate;
  }
}
