import { AUGMENT_SCHEMA, type AugmentOptions } from '../augment/from-options.js';

/** Options of a data set that has a training and a test set, from which the splits are made. */
export interface SplitOptions {
  /** Training images of each class that become the validation split; 0: none. @default 500 */
  readonly heldOutPerClass: number;
  /** Most training images, evenly of each class: for trials. @default all */
  readonly trainLimit?: number;
  /** Most test images, evenly of each class: for trials. @default all */
  readonly testLimit?: number;
  /** What is done to training images. @default {} */
  readonly augment: AugmentOptions;
  /** Mean of each channel on the scale 0 to 1. @default measured on the training split */
  readonly mean?: readonly number[];
  /** Standard deviation of each channel. @default measured on the training split */
  readonly std?: readonly number[];
}

const limit = { type: 'integer', minimum: 1 };

/** JSON schema of the properties of `SplitOptions`. */
export const SPLIT_SCHEMA = Object.freeze({
  heldOutPerClass: {
    type: 'integer',
    minimum: 0,
    default: 500,
    description: 'Training images of each class that become the validation split; 0: none, to retrain alone.',
  },
  trainLimit: { ...limit, description: 'Most training images, evenly of each class: for trials.' },
  testLimit: { ...limit, description: 'Most test images, evenly of each class: for trials.' },
  augment: {
    ...AUGMENT_SCHEMA,
    default: {},
    description: 'What is done to training images: flip, shift, colourJitter, erase.',
  },
  mean: {
    type: 'array',
    items: { type: 'number' },
    minItems: 1,
    description: 'Mean of each channel on the scale 0 to 1. Default: measured on the training split.',
  },
  std: {
    type: 'array',
    items: { type: 'number', exclusiveMinimum: 0 },
    minItems: 1,
    description: 'Standard deviation of each channel. Default: measured on the training split.',
  },
});
