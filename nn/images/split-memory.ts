import { createHash } from 'node:crypto';
import type { DataDescription, FeatureShape } from 'dna-nas/core/contracts';
import { limitImages } from '../training/even-choice.js';
import { dataMismatch } from './errors.js';
import { holdOut } from './hold-out.js';
import {
  type ImageMemory,
  measureChannels,
  type Normalisation,
  sharedBytes,
  sharedNumbers,
} from './image-memory.js';
import type { SplitOptions } from './split-options.js';

/** Images with a class each. */
export interface LabelledImages {
  /** All images one after the other, height × width × channels. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** A data set as its files have it. */
export interface LabelledSets {
  readonly image: FeatureShape;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 of training images, training labels, test images, test labels, as they were read. */
  readonly hashes: readonly string[];
}

export interface DataNaming {
  readonly name: string;
  readonly classNames?: readonly string[];
}

/** Puts the training images, then the test images into shared memory and lays out the splits. */
export function createSplitMemory(
  sets: LabelledSets,
  options: SplitOptions,
  naming: DataNaming,
): ImageMemory {
  const { image, train, test } = sets;
  const pixels = joinShared(train.pixels, test.pixels);
  const labels = joinShared(train.labels, test.labels);
  const splits = holdOut(train.labels, options.heldOutPerClass);
  const count = train.labels.length;
  const testImages = limitImages(Array.from(test.labels.keys()), test.labels, options.testLimit);
  const images = {
    train: sharedNumbers(limitImages(splits.train, train.labels, options.trainLimit)),
    validation: sharedNumbers(splits.validation),
    test: sharedNumbers(testImages.map((number) => count + number)),
  };
  const measure = () => measureChannels(pixels, images.train, image);
  const normalisation = normalisationOf(options, measure, image.channels);
  const description: DataDescription = {
    ...naming,
    image,
    classes: countClasses(sets, naming),
    size: { train: images.train.length, validation: images.validation.length, test: images.test.length },
    fingerprint: fingerprint(sets, options, normalisation),
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
  options: SplitOptions,
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

function countClasses({ train, test }: LabelledSets, { classNames }: DataNaming): number {
  const greatest = (labels: Uint8Array) => labels.reduce((most, label) => Math.max(most, label), 0);
  const [known, asked] = [greatest(train.labels), greatest(test.labels)];
  if (asked > known) {
    throw dataMismatch(
      `The test labels go up to ${asked}, the training labels only to ${known}.`,
      'Use the files of one data set.',
    );
  }
  return classNames?.length ?? known + 1;
}

/** Of everything that decides what a read returns without augmentation. */
function fingerprint({ hashes }: LabelledSets, options: SplitOptions, normalisation: Normalisation): string {
  const { heldOutPerClass, trainLimit = null, testLimit = null } = options;
  const { mean, std } = normalisation;
  const manifest = JSON.stringify({ files: hashes, heldOutPerClass, trainLimit, testLimit, mean, std });
  return createHash('sha256').update(manifest).digest('hex');
}
