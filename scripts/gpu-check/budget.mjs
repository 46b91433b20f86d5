/** The time that a part has, and what it left out to keep to it. */
export class Budget {
  /** What was left out, a sentence each. */
  cuts = [];
  #ends;

  constructor(seconds) {
    this.seconds = seconds;
    this.#ends = performance.now() + 1000 * seconds;
  }

  /** Seconds that are left; 0 if there are none. */
  get left() {
    return Math.max(0, (this.#ends - performance.now()) / 1000);
  }

  /** Whether so many seconds are left; if not, notes what is left out. */
  allows(seconds, leftOut) {
    if (this.left >= seconds) return true;
    this.cuts.push(leftOut);
    return false;
  }
}
