import { createSplitMemory, type DataNaming, type ImageMemory, type LabelledImages } from 'dna-nas/nn/images';
import type { IdxFolder, LabelledImages as IdxImages } from './idx-folder.js';
import type { DataIdxOptions } from './options.js';

/** Puts the images of IDX files into shared memory and lays out the splits. */
export function createMemory(folder: IdxFolder, options: DataIdxOptions, naming: DataNaming): ImageMemory {
  const { train, test } = folder;
  const [, height = 0, width = 0, channels = 1] = train.images.dimensions;
  const hashes = [train.images, train.labels, test.images, test.labels].map(({ sha256 }) => sha256);
  const image = { height, width, channels };
  return createSplitMemory({ image, train: bytesOf(train), test: bytesOf(test), hashes }, options, naming);
}

function bytesOf({ images, labels }: IdxImages): LabelledImages {
  return { pixels: images.bytes, labels: labels.bytes };
}
