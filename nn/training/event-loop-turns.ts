/** Longest time that a loop keeps the thread to itself. */
const TURN_MILLISECONDS = 100;

/**
 * Lets a loop on the main thread hear signals: what it awaits may be there already, so that nothing else would ever
 * have its turn.
 */
export class EventLoopTurns {
  readonly #clock: () => number;
  #last: number;

  /** @param clock gives milliseconds. */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
    this.#last = clock();
  }

  /** Gives the event loop a turn, if it had none for a while. */
  async take(): Promise<void> {
    if (this.#clock() - this.#last < TURN_MILLISECONDS) return;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#last = this.#clock();
  }
}
