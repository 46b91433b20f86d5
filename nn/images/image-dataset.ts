import type { RandomStream, RunHooks } from 'dna-nas/core';
import type { Augmentation, Batch, Dataset, ReadOptions, Split } from 'dna-nas/core/contracts';
import { type AugmentOptions, createAugmentations } from '../augment/from-options.js';
import type { ImageMemory } from './image-memory.js';

/**
 * Opens a data set that lies in memory. Its augmentations are those of `augment`, as the run's plugins change them
 * (`augmentations`). Reading is pure: the same split, indices and augmentation stream give the same bits, in every
 * thread. Image i of a batch is augmented by the stream's fork i, by all augmentations in order; an image that none of
 * them changes comes out as it does without augmentation, to the bit. `read` throws a RangeError for an index outside
 * the split.
 */
export async function openImages(
  memory: ImageMemory,
  hooks: Pick<RunHooks, 'augmentations'>,
  augment: AugmentOptions,
): Promise<Dataset> {
  const made = createAugmentations(augment, memory.normalisation);
  const augmentations = await hooks.augmentations.promise(made);
  const tables = normalisationTables(memory);
  return {
    description: { ...memory.description, preprocessing: memory.normalisation },
    shared: () => memory,
    read(split: Split, indices: ArrayLike<number>, options: ReadOptions = {}): Batch {
      const numbers = imageNumbers(memory, split, indices);
      const labels = Int32Array.from(numbers, (image) => memory.labels[image]!);
      const images =
        options.augment && augmentations.length > 0
          ? readAugmented(memory, numbers, { augmentations, random: options.augment })
          : readPlain(memory, numbers, tables);
      return { images, labels };
    },
    close() {},
  };
}

function imageNumbers(memory: ImageMemory, split: Split, indices: ArrayLike<number>): Uint32Array {
  const images = memory.images[split];
  const numbers = new Uint32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const image = images[indices[i]!];
    if (image === undefined) {
      throw new RangeError(
        `Image ${indices[i]} of the ${split} split was asked for; it has ${images.length}.`,
      );
    }
    numbers[i] = image;
  }
  return numbers;
}

/** The raw value of a byte is rounded to float32 first, so that both ways of reading agree. */
const RAW = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Normalised value of each byte in each channel. */
function normalisationTables({ normalisation }: ImageMemory): Float32Array[] {
  const { mean, std } = normalisation;
  return mean.map((centre, channel) => RAW.map((raw) => (raw - centre) / std[channel]!));
}

function readPlain(memory: ImageMemory, numbers: Uint32Array, tables: readonly Float32Array[]): Float32Array {
  const { pixels, description } = memory;
  const channels = description.image.channels;
  const size = description.image.height * description.image.width * channels;
  const images = new Float32Array(numbers.length * size);
  for (let channel = 0; channel < channels; channel++) {
    const table = tables[channel]!;
    for (let i = 0; i < numbers.length; i++) {
      const end = (i + 1) * size;
      let from = numbers[i]! * size + channel;
      for (let to = i * size + channel; to < end; to += channels, from += channels) {
        images[to] = table[pixels[from]!]!;
      }
    }
  }
  return images;
}

function readAugmented(
  memory: ImageMemory,
  numbers: Uint32Array,
  { augmentations, random }: { augmentations: readonly Augmentation[]; random: RandomStream },
): Float32Array {
  const { pixels, description, normalisation } = memory;
  const shape = description.image;
  const size = shape.height * shape.width * shape.channels;
  const images = new Float32Array(numbers.length * size);
  numbers.forEach((number, i) => {
    const image = images.subarray(i * size, (i + 1) * size);
    for (let at = 0; at < size; at++) image[at] = RAW[pixels[number * size + at]!]!;
    const stream = random.fork(i);
    for (const augmentation of augmentations) augmentation.apply(image, shape, stream);
    for (let channel = 0; channel < shape.channels; channel++) {
      const [mean, std] = [normalisation.mean[channel]!, normalisation.std[channel]!];
      for (let at = channel; at < size; at += shape.channels) image[at] = (image[at]! - mean) / std;
    }
  });
  return images;
}
