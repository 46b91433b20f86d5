import { counted } from 'dna-nas/errors';

/** Notes at the start, and one more for so many seconds: a log of a day stays short, whatever a run has to note. */
const AT_ONCE = 50;
const SECONDS_A_NOTE = 300;
const LONGEST = 300;

/** Decides which notes a log takes; what it leaves out is counted. */
export class NoteBudget {
  readonly #start: number;
  #taken = 0;
  #leftOut = 0;

  /** `start` and `now` in seconds of one clock. */
  constructor(start: number) {
    this.#start = start;
  }

  /** The note as it is to be written, or undefined if it is left out. */
  take(note: string, now: number): string | undefined {
    if (this.#taken >= AT_ONCE + (now - this.#start) / SECONDS_A_NOTE) {
      this.#leftOut++;
      return undefined;
    }
    this.#taken++;
    const before = this.remainder();
    return `${note.length > LONGEST ? `${note.slice(0, LONGEST - 1)}…` : note}${before ? ` (${before})` : ''}`;
  }

  /** How many were left out since the last one that was taken, in words; undefined if none. */
  remainder(): string | undefined {
    const count = this.#leftOut;
    this.#leftOut = 0;
    return count > 0 ? `${counted(count, 'note')} before left out` : undefined;
  }
}
