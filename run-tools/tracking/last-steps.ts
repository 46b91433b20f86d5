/** The last step of each name that was kept: what a resumed run tells again is not kept twice. */
export class LastSteps {
  readonly #last = new Map<string, number>();

  /** Whether a step follows all of its name that were kept. */
  isNew(name: string, step: number): boolean {
    return step > (this.#last.get(name) ?? Number.NEGATIVE_INFINITY);
  }

  keep(name: string, step: number): void {
    if (this.isNew(name, step)) this.#last.set(name, step);
  }
}
