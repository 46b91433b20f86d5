/** Names that no two things have: the second `conv/Relu` is `conv/Relu_1`. */
export class UniqueNames {
  readonly #taken: Set<string>;

  constructor(taken: readonly string[] = []) {
    this.#taken = new Set(taken);
  }

  take(wish: string): string {
    let name = wish;
    for (let count = 1; this.#taken.has(name); count++) name = `${wish}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
