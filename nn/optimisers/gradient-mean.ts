import { add, div, keep, type Tensor } from '../tensor.js';

/**
 * The mean of several backward passes' gradients, as data-parallel training takes it: a parameter off some of the
 * paths counts as zero there.
 */
export class GradientMean {
  readonly #sums = new Map<string, Tensor>();
  #passes = 0;

  /** Adds one pass; the gradients become this object's. */
  add(gradients: ReadonlyMap<string, Tensor>): void {
    this.#passes += 1;
    for (const [name, gradient] of gradients) {
      const sum = this.#sums.get(name);
      this.#sums.set(name, keep(sum ? add(sum, gradient) : gradient));
      if (!sum) continue;
      sum.dispose();
      gradient.dispose();
    }
  }

  /** The means, the caller's to dispose; starts over. Throws before the first pass. */
  take(): Map<string, Tensor> {
    if (this.#passes === 0) throw new Error('There are no gradients to take the mean of: add a pass first.');
    const passes = this.#passes;
    const sums = new Map(this.#sums);
    this.#sums.clear();
    this.#passes = 0;
    if (passes === 1) return sums;
    const means = new Map([...sums].map(([name, sum]) => [name, div(sum, passes)]));
    for (const sum of sums.values()) sum.dispose();
    return means;
  }

  dispose(): void {
    for (const sum of this.#sums.values()) sum.dispose();
    this.#sums.clear();
    this.#passes = 0;
  }
}
