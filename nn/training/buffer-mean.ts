import type { NetworkTensor } from 'dna-nas/core/contracts';
import { GradientMean } from '../optimisers/index.js';
import { clone, keep, type Tensor } from '../tensor.js';

/**
 * Running statistics over the parts of one step's batch, as devices side by side keep them: each part starts from the
 * values before the step, and the step leaves the mean of what the parts came to.
 */
export class BufferMean {
  readonly #buffers: ReadonlyMap<string, NetworkTensor>;
  readonly #mean = new GradientMean();
  #before: ReadonlyMap<string, Tensor> | undefined;

  constructor(buffers: ReadonlyMap<string, NetworkTensor>) {
    this.#buffers = buffers;
  }

  /** Before a part's forward pass. */
  beginPart(): void {
    this.#before ??= new Map([...this.#buffers].map(([name, { value }]) => [name, keep(clone(value))]));
    for (const [name, buffer] of this.#buffers) buffer.assign(clone(this.#before.get(name)!));
  }

  /** After it. */
  endPart(): void {
    this.#mean.add(new Map([...this.#buffers].map(([name, { value }]) => [name, clone(value)])));
  }

  /** After the last part: the buffers take the mean. */
  apply(): void {
    for (const [name, value] of this.#mean.take()) this.#buffers.get(name)!.assign(value);
    this.#dropBefore();
  }

  /** The step is given up: the buffers are as before it. */
  abandon(): void {
    for (const [name, value] of this.#before ?? []) this.#buffers.get(name)!.assign(clone(value));
    this.dispose();
  }

  #dropBefore(): void {
    for (const tensor of this.#before?.values() ?? []) tensor.dispose();
    this.#before = undefined;
  }

  dispose(): void {
    this.#mean.dispose();
    this.#dropBefore();
  }
}
