import type { StageFinished, TimeSpent } from 'dna-nas/core';
import { formatDuration } from './format.js';

/** Shorter waits are not worth a word. */
const LEAST_SECONDS = 1;

/** How long the stages waited for images, in this start of the run. */
export class DataWaits {
  readonly #seconds = new Map<string, number>();

  /** Takes note of `distill.data` and its like. */
  add({ on, seconds }: TimeSpent): void {
    if (on.endsWith('.data')) this.#seconds.set(on, (this.#seconds.get(on) ?? 0) + seconds);
  }

  /** What a stage's line ends with: `; waited 0:12 for data`. Threads that waited side by side are added up. */
  tell({ stage }: Pick<StageFinished, 'stage'>): string {
    const seconds = this.#seconds.get(`${stage}.data`) ?? 0;
    return seconds < LEAST_SECONDS ? '' : `; threads waited ${formatDuration(seconds)} for data`;
  }
}
