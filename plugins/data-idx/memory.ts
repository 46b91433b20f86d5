import { createHash } from 'node:crypto';
import { type DataDescription, limitImages } from 'dna-nas/core';
import {
  type ImageMemory,
  measureChannels,
  type Normalisation,
  sharedBytes,
  sharedNumbers,
} from 'dna-nas/nn';
import { dataMismatch } from './errors.js';
import type { IdxFolder } from './idx-folder.js';
import type { DataIdxOptions } from './options.js';
import { holdOut } from './splits.js';

export interface Naming {
  readonly name: string;
  readonly classNames?: readonly string[];
}

/** Puts the training images, then the test images into shared memory and lays out the splits. */
export function createMemory(folder: IdxFolder, options: DataIdxOptions, naming: Naming): ImageMemory {
  const { train, test } = folder;
  const [count = 0, height = 0, width = 0, channels = 1] = train.images.dimensions;
  const image = { height, width, channels };
  const pixels = joinShared(train.images.bytes, test.images.bytes);
  const labels = joinShared(train.labels.bytes, test.labels.bytes);
  const splits = holdOut(train.labels.bytes, options.heldOutPerClass);
  const testImages = Array.from(test.labels.bytes.keys());
  const images = {
    train: sharedNumbers(limitImages(splits.train, train.labels.bytes, options.trainLimit)),
    validation: sharedNumbers(splits.validation),
    test: sharedNumbers(limitImages(testImages, test.labels.bytes, options.testLimit).map((i) => count + i)),
  };
  const normalisation = normalisationOf(
    options,
    () => measureChannels(pixels, images.train, image),
    channels,
  );
  const description: DataDescription = {
    ...naming,
    image,
    classes: countClasses(folder, naming),
    size: { train: images.train.length, validation: images.validation.length, test: images.test.length },
    fingerprint: fingerprint(folder, options, normalisation),
  };
  return { description, pixels, labels, images, normalisation };
}

function joinShared(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = sharedBytes(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

function normalisationOf(
  options: DataIdxOptions,
  measure: () => Normalisation,
  channels: number,
): Normalisation {
  for (const name of ['mean', 'std'] as const) {
    const values = options[name];
    if (values && values.length !== channels) {
      throw dataMismatch(
        `${name} has ${values.length} values, and the images have ${channels} channels.`,
        `Give one value a channel, or leave ${name} out to have it measured.`,
      );
    }
  }
  const { mean, std } = options;
  return mean && std ? { mean, std } : { ...measure(), ...(mean && { mean }), ...(std && { std }) };
}

function countClasses({ train, test }: IdxFolder, { classNames }: Naming): number {
  const greatest = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0);
  const known = greatest(train.labels.bytes);
  const asked = greatest(test.labels.bytes);
  if (asked > known) {
    throw dataMismatch(
      `The test labels go up to ${asked}, the training labels only to ${known}.`,
      'Use the files of one data set.',
    );
  }
  return classNames?.length ?? known + 1;
}

/** Of everything that decides what a read returns without augmentation. */
function fingerprint(folder: IdxFolder, options: DataIdxOptions, normalisation: Normalisation): string {
  const { heldOutPerClass, trainLimit = null, testLimit = null } = options;
  const { train, test } = folder;
  const files = [train.images, train.labels, test.images, test.labels].map(({ sha256 }) => sha256);
  const { mean, std } = normalisation;
  const manifest = JSON.stringify({ files, heldOutPerClass, trainLimit, testLimit, mean, std });
  return createHash('sha256').update(manifest).digest('hex');
}
