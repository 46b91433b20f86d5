import type { OptionsSchema } from 'dna-nas/core';
import { AUGMENT_SCHEMA, type AugmentOptions } from 'dna-nas/nn/augment';

export interface DataSyntheticOptions {
  /** Height and width of the images. @default 16 */
  readonly size: number;
  /** @default 1 */
  readonly channels: number;
  /** @default 4 */
  readonly classes: number;
  /** Images of each split. @default 1024, 256, 256 */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  /** Standard deviation of the noise on a grating of amplitude 0.35. @default 0.1 */
  readonly noise: number;
  /** Of the images; apart from the run's, so that runs of different seeds see the same data. @default 1 */
  readonly seed: number;
  /** As in data-idx. @default {} */
  readonly augment: AugmentOptions;
}

const count = { type: 'integer', minimum: 1 };

export const OPTIONS: OptionsSchema<DataSyntheticOptions> = {
  properties: {
    size: { type: 'integer', minimum: 4, default: 16, description: 'Height and width of the images.' },
    channels: { ...count, default: 1, description: 'Channels of the images.' },
    classes: {
      type: 'integer',
      minimum: 2,
      maximum: 256,
      default: 4,
      description: 'Orientations to tell apart.',
    },
    train: { ...count, default: 1024, description: 'Images of the training split.' },
    validation: { ...count, default: 256, description: 'Images of the validation split.' },
    test: { ...count, default: 256, description: 'Images of the test split.' },
    noise: {
      type: 'number',
      minimum: 0,
      default: 0.1,
      description: 'Standard deviation of the noise; the gratings have an amplitude of 0.35.',
    },
    seed: {
      type: 'integer',
      default: 1,
      description: 'Seed of the images, apart from the seed of the run.',
    },
    augment: {
      ...AUGMENT_SCHEMA,
      default: {},
      description: 'What is done to training images: the options are those of data-idx.',
    },
  },
};
