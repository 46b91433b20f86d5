import type { Batch, Dataset, InspectedImage, ReadOptions, Split } from 'dna-nas/core/contracts';
import { type Catalogue, imageName, imageNumber } from './catalogue.js';
import type { Decoder } from './decode-pool.js';
import type { BatchOrder } from './image-producer.js';
import { RECORD_WORDS, readInspections } from './inspection.js';

/** Batches that are kept for a `read` to come; older ones are given up. */
const MOST_AHEAD = 8;

interface Reading {
  readonly batch: Batch;
  /** What was found damaged. */
  readonly problems: Promise<string[]>;
}

/**
 * A data set of compressed image files. Reading is pure: the same split, indices and stream give the same bits, in
 * every thread and whatever was read ahead.
 */
export class ImageFiles implements Dataset {
  readonly #catalogue: Catalogue;
  readonly #decoder: Decoder;
  readonly #ahead = new Map<string, Reading>();
  /** Told with the next read that listens. */
  #untold: string[] = [];

  constructor(catalogue: Catalogue, decoder: Decoder) {
    this.#catalogue = catalogue;
    this.#decoder = decoder;
  }

  get description() {
    return this.#catalogue.description;
  }

  shared(): Catalogue {
    return this.#catalogue;
  }

  name(split: Split, index: number): string {
    return imageName(this.#catalogue, imageNumber(this.#catalogue, split, index));
  }

  prefetch(split: Split, indices: ArrayLike<number>, options: ReadOptions = {}): void {
    const order = this.#order(split, indices, options);
    const key = keyOf(order);
    if (this.#ahead.has(key)) return;
    const reading = this.#begin(order);
    // Whoever reads it is told; until then a failure must not end the process.
    reading.problems.catch(() => undefined);
    this.#ahead.set(key, reading);
    if (this.#ahead.size > MOST_AHEAD) this.#ahead.delete(this.#ahead.keys().next().value!);
  }

  async read(split: Split, indices: ArrayLike<number>, options: ReadOptions = {}): Promise<Batch> {
    const order = this.#order(split, indices, options);
    const key = keyOf(order);
    const reading = this.#ahead.get(key) ?? this.#begin(order);
    this.#ahead.delete(key);
    this.#untold.push(...(await reading.problems));
    if (options.noticed) for (const problem of this.#untold.splice(0)) options.noticed(problem);
    return reading.batch;
  }

  async inspect(split: Split, indices: ArrayLike<number>): Promise<InspectedImage[]> {
    if (indices.length === 0) return [];
    const records = new Int32Array(new SharedArrayBuffer(4 * RECORD_WORDS * indices.length));
    const output = { images: new Float32Array(0), labels: records };
    const problems = await this.#decoder.decode(
      { ...this.#order(split, indices, {}), inspect: true },
      output,
    );
    const { labels } = this.#catalogue;
    return readInspections(records, problems).map((image, place) => ({
      ...image,
      label: labels[imageNumber(this.#catalogue, split, indices[place]!)]!,
    }));
  }

  #order(split: Split, indices: ArrayLike<number>, { augment, stage = 'distill' }: ReadOptions): BatchOrder {
    const numbers = Uint32Array.from(indices);
    for (const index of numbers) imageNumber(this.#catalogue, split, index);
    return { split, indices: numbers, stage, ...(augment && { augment: augment.key() }) };
  }

  #begin(order: BatchOrder): Reading {
    const { height, width, channels } = this.description.image;
    const count = order.indices.length;
    const images = new Float32Array(new SharedArrayBuffer(4 * count * height * width * channels));
    const labels = new Int32Array(new SharedArrayBuffer(4 * count));
    const batch = { images, labels };
    return { batch, problems: count > 0 ? this.#decoder.decode(order, batch) : Promise.resolve([]) };
  }

  async close(): Promise<void> {
    this.#ahead.clear();
    await this.#decoder.close();
  }
}

function keyOf({ split, indices, stage, augment = '' }: BatchOrder): string {
  return `${split} ${stage} ${augment} ${Buffer.from(indices.buffer).toString('latin1')}`;
}
