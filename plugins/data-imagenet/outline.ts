import type { DataDescription } from 'dna-nas/core';
import type { DataImagenetOptions } from './options.js';

/** ImageNet-1k (ILSVRC 2012): images for training and for validation, which is the test split here. */
const IMAGENET = { classes: 1000, train: 1_281_167, test: 50_000 } as const;

/** What the data set is if its folder holds ImageNet, told without looking there. */
export function imagenetOutline(options: DataImagenetOptions): DataDescription {
  const { imageSize, heldOutPerClass, trainLimit = Infinity, testLimit = Infinity } = options;
  const { classes, train, test } = IMAGENET;
  const validation = heldOutPerClass * classes;
  return {
    name: 'ImageNet',
    image: { height: imageSize, width: imageSize, channels: 3 },
    classes,
    size: {
      train: Math.min(train - validation, trainLimit),
      validation,
      test: Math.min(test, testLimit),
    },
    fingerprint: '',
  };
}
