import { createHash } from 'node:crypto';
import { definePlugin, randomStream } from 'dna-nas/core';
import type { DataDescription, FeatureShape, Split } from 'dna-nas/core/contracts';
import { AUGMENT_SCHEMA, type AugmentOptions } from 'dna-nas/nn/augment';
import { type ImageMemory, measureChannels, openImages, sharedBytes, sharedNumbers } from 'dna-nas/nn/images';

interface Options {
  readonly images: number;
  readonly augment: AugmentOptions;
}

const SPLITS: readonly Split[] = ['train', 'validation', 'test'];
const IMAGE: FeatureShape = { height: 12, width: 12, channels: 1 };
const CLASS_NAMES = ['left', 'right'];

/** Fills in one image and tells its class. Replace it by reading yours: bytes, height × width × channels. */
function readImage(split: Split, index: number, pixels: Uint8Array): number {
  const random = randomStream('data-template').fork(split, index);
  const label = index % CLASS_NAMES.length;
  const bright = (at: number) => Math.floor((at % IMAGE.width) / (IMAGE.width / 2)) === label;
  for (let at = 0; at < pixels.length; at++) pixels[at] = 60 * random.uniform() + (bright(at) ? 150 : 20);
  return label;
}

/** All images in memory that threads share; a set that does not fit needs a `Dataset` of its own. */
function readAll(count: number): ImageMemory {
  const bytes = IMAGE.height * IMAGE.width * IMAGE.channels;
  const pixels = sharedBytes(SPLITS.length * count * bytes);
  const labels = sharedBytes(SPLITS.length * count);
  const numbers = SPLITS.map((_, split) =>
    sharedNumbers(Array.from({ length: count }, (_, index) => split * count + index)),
  );
  for (const [split, name] of SPLITS.entries()) {
    for (let index = 0; index < count; index++) {
      const number = split * count + index;
      labels[number] = readImage(name, index, pixels.subarray(number * bytes, (number + 1) * bytes));
    }
  }
  const [train, validation, test] = numbers as [Uint32Array, Uint32Array, Uint32Array];
  const description: DataDescription = {
    name: 'template',
    image: IMAGE,
    classes: CLASS_NAMES.length,
    classNames: CLASS_NAMES,
    size: { train: count, validation: count, test: count },
    // What a resumed run must find again.
    fingerprint: createHash('sha256').update(pixels).update(labels).digest('hex'),
  };
  const normalisation = measureChannels(pixels, train, IMAGE);
  return { description, pixels, labels, images: { train, validation, test }, normalisation };
}

/** A data set whose images lie in memory. */
export default definePlugin<Options>({
  name: 'data-template',
  module: import.meta.url,
  description: 'Generated images that are bright on one side.',
  options: {
    properties: {
      images: { description: 'Images in each split.', type: 'integer', minimum: 1, default: 256 },
      augment: { ...AUGMENT_SCHEMA, description: 'Changes of training images.', default: {} },
    },
  },
  apply(run, { images, augment }) {
    run.hooks.resolveData.tap('data-template', () => ({
      open: (shared) =>
        openImages((shared as ImageMemory | undefined) ?? readAll(images), run.hooks, augment),
    }));
  },
});
