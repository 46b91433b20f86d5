import { type RandomStream, randomStream } from 'dna-nas/core';
import type { DataDescription, Split } from 'dna-nas/core/contracts';
import { limitImages } from 'dna-nas/nn/training';
import type { DataImagenetOptions } from './options.js';

export interface SplitRequest {
  /** Class of each image: those of `train` come first, then those of `validation`, then those of `test`. */
  readonly labels: Int32Array;
  /** Images of each part that the data have themselves. */
  readonly own: Readonly<Record<Split, number>>;
  readonly options: Pick<
    DataImagenetOptions,
    'heldOutPerClass' | 'testShare' | 'testSeed' | 'trainLimit' | 'testLimit'
  >;
  /** The run's stream for what is held out. */
  readonly random: RandomStream;
}

/** Images of each split by number, and what the test images are where the data have none. */
export type SplitLayout = Record<Split, readonly number[]> & Pick<DataDescription, 'testFrom'>;

/**
 * Lays out the splits. Without test images of their own, a share of each class is split off for the test, the same in
 * every run. Of what is left `heldOutPerClass` images of each class are held out for validation by the run's seed, where
 * there are no images for it. What cannot be had so is borrowed: the test images of the validation split, and those of
 * the training images.
 */
export function layOutSplits({ labels, own, options, random }: SplitRequest): SplitLayout {
  const all = numbersFrom(0, own.train);
  const ownTest = numbersFrom(own.train + own.validation, own.test);
  const draws = randomStream(options.testSeed).fork('data-imagenet', 'test');
  const splitOff = own.test > 0 ? [] : drawOfClasses(all, labels, { draws, count: testCount(options) });
  const rest = without(all, splitOff);
  const ownValidation = numbersFrom(own.train, own.validation);
  const held =
    own.validation > 0
      ? []
      : drawOfClasses(rest, labels, { draws: random, count: heldOutCount(options.heldOutPerClass) });
  const train = without(rest, held);
  const validation = [ownValidation, held, train].find(({ length }) => length > 0)!;
  const test = [ownTest, splitOff, validation].find(({ length }) => length > 0)!;
  return {
    train: limitImages(train, labels, options.trainLimit),
    validation,
    test: limitImages(test, labels, options.testLimit),
    ...testFrom({ test, ownTest, splitOff, train }),
  };
}

function testFrom(parts: Record<'test' | 'ownTest' | 'splitOff' | 'train', readonly number[]>): {
  testFrom?: DataDescription['testFrom'];
} {
  const { test, ownTest, splitOff, train } = parts;
  if (test === ownTest) return {};
  if (test === splitOff) return { testFrom: 'held-out' };
  return { testFrom: test === train ? 'train' : 'validation' };
}

/** Of a class of two, one is too much to lose. */
function testCount({ testShare }: Pick<DataImagenetOptions, 'testShare'>): (images: number) => number {
  return (images) => (images < 3 || testShare === 0 ? 0 : Math.max(1, Math.round(testShare * images)));
}

/** At most a quarter of a class, so that enough is left to train on; one of two. */
function heldOutCount(perClass: number): (images: number) => number {
  return (images) => Math.min(perClass, images < 2 ? 0 : Math.max(1, Math.floor(images / 4)));
}

/** Draws images of each class, a class by a stream of its own; in their order. */
function drawOfClasses(
  images: readonly number[],
  labels: Int32Array,
  { draws, count }: { draws: RandomStream; count: (images: number) => number },
): number[] {
  const classes = new Map<number, number[]>();
  for (const image of images) {
    const known = classes.get(labels[image]!);
    if (known) known.push(image);
    else classes.set(labels[image]!, [image]);
  }
  const drawn = Array.from(classes, ([label, own]) =>
    Array.from(
      draws.fork(label).permutation(own.length).subarray(0, count(own.length)),
      (place) => own[place]!,
    ),
  );
  return drawn.flat().sort((one, other) => one - other);
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

function without(images: readonly number[], left: readonly number[]): readonly number[] {
  if (left.length === 0) return images;
  const out = new Set(left);
  return images.filter((image) => !out.has(image));
}
