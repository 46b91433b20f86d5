import type { NetworkTensor } from 'dna-nas/core/contracts';
import { add, div, sub, type Tensor, tensor, tidy } from '../tensor.js';

/** Batch-norm statistics that are set aside for later: the mean of those of all batches that were added. */
export class KeptStatistics {
  #means: readonly Tensor[] = [];
  #batches = 0;

  get empty(): boolean {
    return this.#batches === 0;
  }

  /** Batches that were added. */
  get batches(): number {
    return this.#batches;
  }

  /** The means, in the order of the buffers. */
  values(): Float32Array[] {
    return this.#means.map((mean) => mean.dataSync<'float32'>());
  }

  /** Those that `values` has given of so many batches. */
  static of(
    batches: number,
    values: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[],
  ): KeptStatistics {
    const kept = new KeptStatistics();
    kept.#batches = batches;
    kept.#means = values.map(({ shape, data }) => tensor(data, [...shape], 'float32'));
    return kept;
  }

  /** Takes up what the buffers hold after one more batch. */
  add(buffers: readonly NetworkTensor[]): void {
    const before = this.#means;
    const share = ++this.#batches;
    this.#means = buffers.map(({ value }, index) =>
      share === 1 ? value.clone() : tidy(() => add(before[index]!, div(sub(value, before[index]!), share))),
    );
    for (const mean of before) mean.dispose();
  }

  /** Gives the buffers the means, in the order in which they were added; leaves them alone if none were. */
  restore(buffers: readonly NetworkTensor[]): void {
    if (this.empty) return;
    buffers.forEach(({ value }, index) => {
      value.assign(this.#means[index] as Tensor<never>);
    });
  }

  dispose(): void {
    for (const mean of this.#means) mean.dispose();
    this.#means = [];
    this.#batches = 0;
  }
}
