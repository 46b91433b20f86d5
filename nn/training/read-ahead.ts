import type { Batch, Dataset, ReadOptions, Split } from 'dna-nas/core/contracts';

interface BatchRequest {
  readonly indices: ArrayLike<number>;
  readonly options?: ReadOptions;
}

export interface ReadAheadOptions {
  readonly split: Split;
  /** Images and options of a step: a pure function of it. */
  request(step: number): BatchRequest;
  /** One past the last step. */
  readonly end: number;
  /** Batches that are read while one is at work; each takes memory. @default 2 */
  readonly depth?: number;
  /** Told the seconds that a step waited for its images. */
  waited?(seconds: number): void;
}

/** What is read from: a data set, or a part of one. */
type Source = Pick<Dataset, 'read' | 'prefetch'>;

/** Reads the batches of steps and has the next ones read meanwhile, where the data set can. */
export class ReadAhead {
  readonly #dataset: Source;
  readonly #options: ReadAheadOptions;
  /** What was asked for ahead, by step. */
  readonly #asked = new Map<number, BatchRequest>();

  constructor(dataset: Source, options: ReadAheadOptions) {
    this.#dataset = dataset;
    this.#options = options;
  }

  /** The batch of a step. */
  async take(step: number): Promise<Batch> {
    const { split, request, waited } = this.#options;
    const began = performance.now();
    const { indices, options } = this.#asked.get(step) ?? request(step);
    this.#asked.delete(step);
    // The step itself first: what is asked for first is read first.
    const reading = this.#dataset.read(split, indices, options);
    this.#askAfter(step);
    const batch = await reading;
    waited?.((performance.now() - began) / 1000);
    return batch;
  }

  #askAfter(step: number): void {
    if (!this.#dataset.prefetch) return;
    const { split, request, end, depth = 2 } = this.#options;
    for (let next = step + 1; next < Math.min(end, step + 1 + depth); next++) {
      if (this.#asked.has(next)) continue;
      const asked = request(next);
      this.#asked.set(next, asked);
      this.#dataset.prefetch(split, asked.indices, asked.options);
    }
  }
}
