import type { Batch, DataDescription, Dataset, ReadOptions, Split } from 'dna-nas/core/contracts';
import { heldOutIsTest } from './errors.js';
import type { RetrainScratchOptions } from './options.js';

type ImageOptions = Pick<RetrainScratchOptions, 'images'>;

/**
 * Images that a network is trained on.
 * @throws DnaError `RETRAIN_IMAGES` if the held-out ones are wanted, and are the test images.
 */
export function trainingImages({ name, size, testFrom }: DataDescription, { images }: ImageOptions): number {
  if (images === 'train') return size.train;
  if (testFrom === 'validation') throw heldOutIsTest(name);
  return size.train + size.validation;
}

/** Reads them, of the split `train`: behind its own images stand the held-out ones. */
export function trainingReader(
  dataset: Dataset,
  { images }: ImageOptions,
): Pick<Dataset, 'read' | 'prefetch'> {
  if (images === 'train') return dataset;
  const { train } = dataset.description.size;
  return {
    async read(split, indices, options) {
      const parts = partsOf(Array.from(indices), { split, train, options });
      const batches = await Promise.all(
        parts.map((part) => dataset.read(part.split, part.indices, part.options)),
      );
      return merged(parts, batches);
    },
    ...(dataset.prefetch && {
      prefetch(split: Split, indices: ArrayLike<number>, options?: ReadOptions) {
        for (const part of partsOf(Array.from(indices), { split, train, options }))
          dataset.prefetch!(part.split, part.indices, part.options);
      },
    }),
  };
}

/** Images of one split, and their places in the batch. */
interface Part {
  readonly split: Split;
  readonly places: readonly number[];
  readonly indices: readonly number[];
  readonly options: ReadOptions | undefined;
}

interface Request {
  readonly split: Split;
  readonly train: number;
  readonly options: ReadOptions | undefined;
}

function partsOf(indices: readonly number[], { split, train, options }: Request): Part[] {
  const places = [...indices.keys()];
  const own = places.filter((place) => indices[place]! < train);
  const heldOut = places.filter((place) => indices[place]! >= train);
  // Image i of what is read is augmented by the stream's fork i: the two parts must not have one stream.
  const others = options?.augment && { ...options, augment: options.augment.fork('held-out') };
  const parts: Part[] = [
    { split, places: own, indices: own.map((place) => indices[place]!), options },
    {
      split: 'validation',
      places: heldOut,
      indices: heldOut.map((place) => indices[place]! - train),
      options: others ?? options,
    },
  ];
  return parts.filter((part) => part.places.length > 0);
}

function merged(parts: readonly Part[], batches: readonly Batch[]): Batch {
  if (parts.length === 1) return batches[0]!;
  const count = parts.reduce((sum, { places }) => sum + places.length, 0);
  const pixels = batches[0]!.images.length / parts[0]!.places.length;
  const images = new Float32Array(count * pixels);
  const labels = new Int32Array(count);
  parts.forEach(({ places }, index) => {
    const batch = batches[index]!;
    places.forEach((place, at) => {
      images.set(batch.images.subarray(at * pixels, (at + 1) * pixels), place * pixels);
      labels[place] = batch.labels[at]!;
    });
  });
  return { images, labels };
}
