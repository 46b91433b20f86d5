import type { NetworkTensor } from 'dna-nas/core';
import { add, div, sub, type Tensor, tidy } from '../tensor.js';

/** Batch-norm statistics that are set aside for later: the mean of those of all batches that were added. */
export class KeptStatistics {
  #means: readonly Tensor[] = [];
  #batches = 0;

  get empty(): boolean {
    return this.#batches === 0;
  }

  /** Takes up what the buffers hold after one more batch. */
  add(buffers: readonly NetworkTensor[]): void {
    const before = this.#means;
    const share = ++this.#batches;
    this.#means = buffers.map(({ value }, index) =>
      share === 1 ? value.clone() : tidy(() => add(before[index]!, div(sub(value, before[index]!), share))),
    );
    for (const tensor of before) tensor.dispose();
  }

  /** Gives the buffers the means, in the order in which they were added; leaves them alone if none were. */
  restore(buffers: readonly NetworkTensor[]): void {
    if (this.empty) return;
    buffers.forEach(({ value }, index) => {
      value.assign(this.#means[index] as Tensor<never>);
    });
  }

  dispose(): void {
    for (const tensor of this.#means) tensor.dispose();
    this.#means = [];
    this.#batches = 0;
  }
}
