/** Seconds over which the measured speed forgets. */
const MEMORY_SECONDS = 20;

/**
 * Speed of the run in multiply-adds a second, from work as it is reported: an average that forgets, so that a change
 * of stage or of load shows within seconds and single reports do not make the time left jump.
 */
export class TimeLeft {
  #work = 0;
  #seconds = 0;
  #last: number | undefined;

  /** Time until the first report counts from here (a stage's start). */
  start(now: number): void {
    this.#last = now;
  }

  /** `now` in seconds. */
  report(work: number, now: number): void {
    const passed = Math.max(0, now - (this.#last ?? now));
    const kept = Math.exp(-passed / MEMORY_SECONDS);
    this.#last = now;
    this.#work = this.#work * kept + work;
    this.#seconds = this.#seconds * kept + passed;
  }

  /** Seconds that `work` will take; undefined while nothing is known. */
  of(work: number): number | undefined {
    if (this.#work <= 0 || this.#seconds <= 0) return undefined;
    return (work * this.#seconds) / this.#work;
  }
}
