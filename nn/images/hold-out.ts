import { byClass, spreadEvenly } from '../training/even-choice.js';
import { dataMismatch } from './errors.js';

/** Numbers of images, rising. */
export interface TrainingSplits {
  readonly train: number[];
  readonly validation: number[];
}

/**
 * Takes `perClass` images of each class out of the training set, spread evenly over the class in file order: the same
 * images whatever the run's seed, so that ratings of different runs compare.
 * @throws DnaError `DATA_MISMATCH` if a class would keep none
 */
export function holdOut(labels: Uint8Array, perClass: number): TrainingSplits {
  const held = new Uint8Array(labels.length);
  for (const [label, images] of byClass(labels.keys(), labels)) {
    if (perClass >= images.length) {
      throw dataMismatch(
        `heldOutPerClass is ${perClass}, and class ${label} has only ${images.length} training images.`,
        'Hold out fewer, so that each class keeps some for training.',
      );
    }
    for (const image of spreadEvenly(images, perClass)) held[image] = 1;
  }
  const splits: TrainingSplits = { train: [], validation: [] };
  for (let image = 0; image < held.length; image++)
    (held[image] === 1 ? splits.validation : splits.train).push(image);
  return splits;
}
