import { DnaError } from 'dna-nas/errors';
import { tf } from 'dna-nas/nn';
import { vi } from 'vitest';

/** The backend's own way to make a tensor. */
interface Storing {
  write(values: unknown, shape: readonly number[], dtype: string): object;
}

const FLOAT_BYTES = 4;

/** The current backend as one of a machine with so much memory; it tells how much was wanted at once. */
export class LimitedMemory {
  /** Bytes that tensors may have in all. */
  limit = Number.POSITIVE_INFINITY;
  /** Most that they had, or would have had. */
  peak = 0;
  /** Whether errors say what was wanted, what was used and what there is. */
  tells = true;

  constructor() {
    const storing = Object.getPrototypeOf(tf.backend()) as Storing;
    const { write } = storing;
    const allocate = (shape: readonly number[]) => this.#allocate(shape);
    vi.spyOn(storing, 'write').mockImplementation(function (this: Storing, values, shape, dtype) {
      allocate(shape);
      return write.call(this, values, shape, dtype);
    });
  }

  #allocate(shape: readonly number[]): void {
    const wanted = FLOAT_BYTES * shape.reduce((product, extent) => product * extent, 1);
    const used = tf.memory().numBytes;
    this.peak = Math.max(this.peak, used + wanted);
    if (used + wanted <= this.limit) return;
    const cause = this.tells && { cause: { wanted, used, limit: this.limit } };
    throw new DnaError('OUT_OF_MEMORY', 'The backend is out of memory.', 'Use a smaller batch.', {
      ...cause,
    });
  }
}
