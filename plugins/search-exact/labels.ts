/** Grows a typed array to hold `needed` entries. */
function grown<T extends Float64Array | Int32Array>(array: T, needed: number): T {
  const larger = new (array.constructor as new (length: number) => T)(needed);
  larger.set(array as never);
  return larger;
}

/** The chosen candidates of every kept partial network, as links to the partial network one block shorter. */
export class Trail {
  #parents = new Int32Array(1024);
  #candidates = new Int32Array(1024);
  #count = 0;

  /** Returns the new entry's number; `parent` −1 stands for the empty network. */
  append(parent: number, candidate: number): number {
    if (this.#count === this.#parents.length) {
      this.#parents = grown(this.#parents, 2 * this.#count);
      this.#candidates = grown(this.#candidates, 2 * this.#count);
    }
    this.#parents[this.#count] = parent;
    this.#candidates[this.#count] = candidate;
    return this.#count++;
  }

  /** Lexicographic order of two partial networks of equal length: negative, 0 or positive. */
  compare(first: number, second: number): number {
    if (first === second) return 0;
    const before = this.compare(this.#parents[first]!, this.#parents[second]!);
    return before || this.#candidates[first]! - this.#candidates[second]!;
  }

  path(entry: number): number[] {
    const candidates: number[] = [];
    for (let at = entry; at >= 0; at = this.#parents[at]!) candidates.push(this.#candidates[at]!);
    return candidates.reverse();
  }
}

/** Partial networks that end in one output state: their sums, and how each came about. */
export class LabelSet {
  readonly width: number;
  count = 0;
  /** `values[label * width + value]` */
  values: Float64Array;
  /** Trail entry of the network without its last block. */
  parents: Int32Array;
  candidates: Int32Array;

  constructor(width: number, capacity = 64) {
    this.width = width;
    this.values = new Float64Array(capacity * width);
    this.parents = new Int32Array(capacity);
    this.candidates = new Int32Array(capacity);
  }

  get capacity(): number {
    return this.parents.length;
  }

  reserve(capacity: number): void {
    if (capacity <= this.capacity) return;
    this.values = grown(this.values, capacity * this.width);
    this.parents = grown(this.parents, capacity);
    this.candidates = grown(this.candidates, capacity);
  }

  /** Adds one label whose values are `base` at `from` plus `step` at `at`. */
  extend(base: Float64Array, from: number, step: Float64Array, at: number): number {
    if (this.count === this.capacity) this.reserve(2 * this.count);
    const to = this.count * this.width;
    for (let value = 0; value < this.width; value++) {
      this.values[to + value] = base[from + value]! + step[at + value]!;
    }
    return this.count++;
  }

  link(label: number, parent: number, candidate: number): void {
    this.parents[label] = parent;
    this.candidates[label] = candidate;
  }

  /** Order of two labels by the networks they stand for. */
  comparePaths(first: number, second: number, trail: Trail): number {
    const before = trail.compare(this.parents[first]!, this.parents[second]!);
    return before || this.candidates[first]! - this.candidates[second]!;
  }

  /** Keeps the given labels, in that order. */
  select(labels: ArrayLike<number>, count: number): void {
    const { width } = this;
    const values = new Float64Array(Math.max(64, count) * width);
    const parents = new Int32Array(Math.max(64, count));
    const candidates = new Int32Array(Math.max(64, count));
    for (let index = 0; index < count; index++) {
      const label = labels[index]!;
      for (let value = 0; value < width; value++) {
        values[index * width + value] = this.values[label * width + value]!;
      }
      parents[index] = this.parents[label]!;
      candidates[index] = this.candidates[label]!;
    }
    Object.assign(this, { values, parents, candidates, count });
  }
}
