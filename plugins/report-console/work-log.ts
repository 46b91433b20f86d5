import type { WorkSoFar } from 'dna-nas/run-tools/runs';

/** Reports that are nearer than this share of the time, or this many seconds, become one. */
const MERGED_SHARE = 1 / 1000;
const MERGED_SECONDS = 0.5;

/** The work of a stage as it is told, by which what is left of it is forecast. Times are seconds of one clock. */
export class WorkLog {
  readonly #began: number;
  #done: { at: number; work: number }[] = [];

  constructor(began: number) {
    this.#began = began;
  }

  report(work: number, now: number): void {
    const at = now - this.#began;
    const last = this.#done.at(-1);
    const before = this.#done.at(-2)?.at ?? 0;
    if (last && at - before < Math.max(MERGED_SECONDS, at * MERGED_SHARE)) {
      last.work += work;
      last.at = at;
    } else this.#done.push({ at, work });
  }

  /** What was told by now. */
  soFar(now: number): Pick<WorkSoFar, 'done' | 'now'> {
    return { done: this.#done, now: now - this.#began };
  }
}
