import { type Binding, TYPES } from './binding.js';

/** Unused constants beyond so many are freed: learning rates and their like are new at each step. */
const MOST_SCALARS = 1024;
const MOST_LISTS = 4096;

interface Scalar {
  readonly id: number;
  readonly value: number;
  users: number;
}

/**
 * Numbers that ops are given, each a tensor of TensorFlow that is made once: a fresh one would be a copy from host to
 * GPU for every op.
 */
export class Constants {
  readonly #binding: Binding;
  readonly #scalars = new Map<number, Scalar>();
  readonly #borrowed = new Map<number, Scalar>();
  readonly #lists = new Map<string, number>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  /** Id of a float32 scalar, valid until `trim`; one that is needed longer is borrowed. */
  scalar(value: number): number {
    return this.#scalar(value).id;
  }

  /** Id of a float32 scalar that stays until it is given back. */
  borrow(value: number): number {
    const scalar = this.#scalar(value);
    scalar.users++;
    this.#borrowed.set(scalar.id, scalar);
    return scalar.id;
  }

  isBorrowed(id: number): boolean {
    return this.#borrowed.has(id);
  }

  giveBack(id: number): void {
    const scalar = this.#borrowed.get(id)!;
    scalar.users--;
    if (scalar.users === 0) this.#borrowed.delete(id);
  }

  /** Id of a list of whole numbers: a shape, axes. TensorFlow reads them on the host. */
  integers(values: readonly number[]): number {
    return this.#list(`[${values.join()}]`, [values.length], Int32Array.from(values), TYPES.int32);
  }

  /** Id of a single whole number: an axis. */
  integer(value: number): number {
    return this.#list(String(value), [], Int32Array.of(value), TYPES.int32);
  }

  #scalar(value: number): Scalar {
    const single = Math.fround(value);
    const found = this.#scalars.get(single);
    if (found) return found;
    const id = this.#binding.createTensor([], TYPES.float32, Float32Array.of(single));
    const made = { id, value: single, users: 0 };
    this.#scalars.set(single, made);
    return made;
  }

  /** Frees what is too much; no op may be about to use what it was given before. */
  trim(): void {
    if (this.#scalars.size > MOST_SCALARS) this.#freeUnused();
    if (this.#lists.size <= MOST_LISTS) return;
    for (const id of this.#lists.values()) this.#binding.deleteTensor(id);
    this.#lists.clear();
  }

  #freeUnused(): void {
    for (const { id, value, users } of this.#scalars.values()) {
      if (users > 0) continue;
      this.#scalars.delete(value);
      this.#binding.deleteTensor(id);
    }
  }

  /** Id of a float32 vector of one value. */
  vector(value: number, length: number): number {
    return this.#list(`${value}×${length}`, [length], new Float32Array(length).fill(value), TYPES.float32);
  }

  #list(key: string, shape: readonly number[], values: Int32Array | Float32Array, dtype: number): number {
    const found = this.#lists.get(key);
    if (found !== undefined) return found;
    const id = this.#binding.createTensor(shape, dtype, values);
    this.#lists.set(key, id);
    return id;
  }
}
