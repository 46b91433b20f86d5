import { type DataDescription, limitImages, type RandomStream, type Split } from 'dna-nas/core';
import type { DataImagenetOptions } from './options.js';

export interface SplitRequest {
  /** Class of each image: those of `train` come first, then those of `test`. */
  readonly labels: Int32Array;
  readonly trainImages: number;
  readonly options: Pick<DataImagenetOptions, 'heldOutPerClass' | 'trainLimit' | 'testLimit'>;
  /** The run's stream for what is held out. */
  readonly random: RandomStream;
}

/**
 * Lays out the splits. Of each class `heldOutPerClass` images, at most half of it, are drawn for validation, a class
 * by a stream of its own. Without test images those held out serve for the test too; where nothing is held out,
 * training images do.
 */
export function layOutSplits({
  labels,
  trainImages,
  options,
  random,
}: SplitRequest): Record<Split, number[]> & Pick<DataDescription, 'testFrom'> {
  const all = Array.from({ length: trainImages }, (_, image) => image);
  const held = holdOut(labels.subarray(0, trainImages), options.heldOutPerClass, random);
  const validation = held.size > 0 ? all.filter((image) => held.has(image)) : all;
  const rest = all.filter((image) => !held.has(image));
  const ownTest = Array.from({ length: labels.length - trainImages }, (_, image) => trainImages + image);
  const test = ownTest.length > 0 ? ownTest : validation;
  return {
    train: limitImages(rest, labels, options.trainLimit),
    validation,
    test: limitImages(test, labels, options.testLimit),
    ...(ownTest.length === 0 && { testFrom: held.size > 0 ? 'validation' : 'train' }),
  };
}

function holdOut(labels: Int32Array, perClass: number, random: RandomStream): Set<number> {
  const classes = new Map<number, number[]>();
  labels.forEach((label, image) => {
    const images = classes.get(label);
    if (images) images.push(image);
    else classes.set(label, [image]);
  });
  const held = new Set<number>();
  for (const [label, images] of classes) {
    const count = Math.min(perClass, Math.floor(images.length / 2));
    if (count === 0) continue;
    for (const place of random.fork(label).permutation(images.length).subarray(0, count))
      held.add(images[place]!);
  }
  return held;
}
