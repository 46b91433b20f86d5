/** Bounds on the work of one call. */
export interface SearchOptions {
  /**
   * Most partial networks held at once: about 50 bytes each.
   * @default 4 000 000
   */
  readonly maximumLabels?: number;
  /**
   * Most extensions of a partial network by a candidate tried in one call: one to ten million a second.
   * @default 100 000 000
   */
  readonly maximumSteps?: number;
}

/** Thrown where a search needs more work than its budget. */
export class SearchBudgetError extends RangeError {
  override readonly name = 'SearchBudgetError';

  constructor(
    /** What was reached and what is allowed, one sentence. */
    readonly found: string,
    /** What the user can do, without an end. */
    readonly advice: string,
    option: keyof SearchOptions,
  ) {
    super(`${found} ${advice}, or raise ${option}.`);
  }
}

/** Counts the work of one call, all its passes together. */
export class Budget {
  readonly #labels: number;
  readonly #steps: number;
  readonly #advice: string;
  #tried = 0;

  /** `advice`: what the user can do where the budget does not suffice. */
  constructor({ maximumLabels = 4_000_000, maximumSteps = 100_000_000 }: SearchOptions, advice: string) {
    this.#labels = maximumLabels;
    this.#steps = maximumSteps;
    this.#advice = advice;
  }

  /** @throws SearchBudgetError where `count` partial networks are more than may be held. */
  hold(count: number): void {
    if (count > this.#labels)
      this.#fail(`holds ${count} partial networks that no other beats`, 'maximumLabels');
  }

  /** @throws SearchBudgetError where `count` more extensions are more than may be tried. */
  spend(count: number): void {
    this.#tried += count;
    if (this.#tried > this.#steps)
      this.#fail(`has tried ${Math.floor(this.#tried)} extensions`, 'maximumSteps');
  }

  #fail(found: string, option: 'maximumLabels' | 'maximumSteps'): never {
    const allowed = option === 'maximumLabels' ? this.#labels : this.#steps;
    throw new SearchBudgetError(
      `The exact search ${found}, more than the ${allowed} allowed.`,
      this.#advice,
      option,
    );
  }
}
