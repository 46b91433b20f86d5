import { createHash } from 'node:crypto';
import type { DataDescription, FeatureShape, Split } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';
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

/** The same without its pixels. */
export interface LabelSets extends Pick<LabelledSets, 'image'> {
  readonly train: Pick<LabelledImages, 'labels'>;
  readonly test: Pick<LabelledImages, 'labels'>;
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
  const numbers = splitImages(sets, options);
  const count = train.labels.length;
  const images = {
    train: sharedNumbers(numbers.train),
    validation: sharedNumbers(numbers.validation),
    test: sharedNumbers(numbers.test.map((number) => count + number)),
  };
  const measure = () => measureChannels(pixels, images.train, image);
  const normalisation = normalisationOf(options, measure, image.channels);
  const description = {
    ...describe(sets, numbers, naming),
    fingerprint: fingerprint(sets, options, normalisation),
  };
  return { description, pixels, labels, images, normalisation };
}

/** A published data set whose classes have as many images each. */
export interface BalancedSets {
  readonly image: FeatureShape;
  readonly name: string;
  readonly classNames: readonly string[];
  /** Images of each class. */
  readonly perClass: { readonly train: number; readonly test: number };
}

/** What such a data set is, without its files (`fingerprint` empty). */
export function outlineSplits(
  { image, perClass, ...naming }: BalancedSets,
  options: SplitOptions,
): DataDescription {
  const labels = (each: number) => {
    const all = new Uint8Array(each * naming.classNames.length);
    for (const label of naming.classNames.keys()) all.fill(label, label * each, (label + 1) * each);
    return all;
  };
  const sets = { image, train: { labels: labels(perClass.train) }, test: { labels: labels(perClass.test) } };
  return describe(sets, splitImages(sets, options), naming);
}

/** Numbers of the images of each split, in the file that they are in. */
type SplitNumbers = Readonly<Record<Split, readonly number[]>>;

function splitImages({ train, test }: LabelSets, options: SplitOptions): SplitNumbers {
  const splits = holdOut(train.labels, options.heldOutPerClass);
  return {
    train: limitImages(splits.train, train.labels, options.trainLimit),
    validation: splits.validation,
    test: limitImages(Array.from(test.labels.keys()), test.labels, options.testLimit),
  };
}

function describe(sets: LabelSets, numbers: SplitNumbers, naming: DataNaming): DataDescription {
  const { train, validation, test } = numbers;
  return {
    ...naming,
    image: sets.image,
    classes: countClasses(sets, naming),
    size: { train: train.length, validation: validation.length, test: test.length },
    fingerprint: '',
  };
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
        `${name} has ${counted(values.length, 'value')}, and the images have ${counted(channels, 'channel')}.`,
        `Give one value a channel, or leave ${name} out to have it measured.`,
      );
    }
  }
  const { mean, std } = options;
  return mean && std ? { mean, std } : { ...measure(), ...(mean && { mean }), ...(std && { std }) };
}

function countClasses({ train, test }: LabelSets, { classNames }: DataNaming): number {
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
