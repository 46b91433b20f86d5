import { concat, slice, type Tensor, type Tensor4D, tidy } from '../tensor.js';
import { isOutOfMemory } from './out-of-memory.js';

/** What a pass is of, for people, and who is told what they should know. */
export interface PerImagePassOptions {
  /** Begins a sentence: `The teacher`. */
  readonly what: string;
  noticed?(text: string): void;
}

/**
 * A pass that gives each image its own result, whatever is beside it in a batch: of a network that normalises by its
 * running statistics. Where memory runs out it goes on with half as many images at a time, to the same results.
 */
export class PerImagePass {
  readonly #options: PerImagePassOptions;
  /** Images at a time. */
  #most = Number.POSITIVE_INFINITY;
  #told = Number.POSITIVE_INFINITY;

  constructor(options: PerImagePassOptions) {
    this.#options = options;
  }

  /**
   * @param compute gives tensors whose first axis is the images.
   * @throws what `compute` throws: for want of memory, where one image is too much.
   */
  run<Result extends Tensor>(images: Tensor4D, compute: (images: Tensor4D) => Result[]): Result[] {
    const results = this.#run(images, compute);
    if (this.#most < this.#told) {
      this.#told = this.#most;
      const { what, noticed } = this.#options;
      const found = `${what} has no memory for ${images.shape[0]} images at a time`;
      noticed?.(`${found}. It goes on with ${this.#most}; no result depends on that.`);
    }
    return results;
  }

  #run<Result extends Tensor>(images: Tensor4D, compute: (images: Tensor4D) => Result[]): Result[] {
    const total = images.shape[0];
    return tidy(() => {
      const parts: Result[][] = [];
      for (let first = 0; first < total; ) {
        const count = Math.min(this.#most, total - first);
        const part = () =>
          compute(count === total ? images : slice(images, [first, 0, 0, 0], [count, -1, -1, -1]));
        try {
          parts.push(tidy(part));
          first += count;
        } catch (error) {
          if (count === 1 || !isOutOfMemory(error)) throw error;
          this.#most = Math.ceil(count / 2);
        }
      }
      const [whole] = parts;
      if (parts.length === 1) return whole!;
      return whole!.map((_, at) => concat(parts.map((results) => results[at]!)) as Result);
    });
  }
}
