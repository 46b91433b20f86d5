import type { Augmentation } from 'dna-nas/core';
import { type ColourJitterOptions, colourJitter } from './colour-jitter.js';
import { type EraseOptions, erase } from './erase.js';
import { flip } from './flip.js';
import { shift } from './shift.js';

/** The augmentations that a data plugin's `augment` option can name; absent ones are not made. */
export interface AugmentOptions {
  /** Probability of mirroring left to right. */
  readonly flip?: number;
  /** Greatest shift in pixels. */
  readonly shift?: number;
  readonly colourJitter?: ColourJitterOptions;
  readonly erase?: EraseOptions;
}

const probability = { type: 'number', minimum: 0, maximum: 1 };
const reach = { type: 'number', minimum: 0, maximum: 1 };
const range = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 };

/** JSON schema of `AugmentOptions`. */
export const AUGMENT_SCHEMA = Object.freeze({
  type: 'object',
  additionalProperties: false,
  properties: {
    flip: { ...probability, description: 'Probability of mirroring an image left to right.' },
    shift: { type: 'integer', minimum: 0, description: 'Greatest shift in pixels, in each direction.' },
    colourJitter: {
      type: 'object',
      description: 'Factors drawn from 1−x to 1+x.',
      additionalProperties: false,
      properties: {
        brightness: { ...reach, description: 'x of the brightness.' },
        contrast: { ...reach, description: 'x of the contrast.' },
        saturation: { ...reach, description: 'x of the saturation.' },
      },
    },
    erase: {
      type: 'object',
      description: 'Random erasing of a rectangle.',
      additionalProperties: false,
      properties: {
        probability: { ...probability, description: 'Share of the images that lose a rectangle (0.25).' },
        area: { ...range, description: 'Least and greatest share of the image (0.02 and 0.33).' },
        aspect: { ...range, description: 'Least and greatest height ÷ width (0.3 and 3.3).' },
        fill: {
          anyOf: [{ const: 'noise' }, probability],
          description: 'A constant from 0 to 1, or `noise`.',
        },
      },
    },
  },
});

/** Makes them in the order flip, shift, colour jitter, erase. */
export function createAugmentations(options: AugmentOptions = {}): Augmentation[] {
  const made: Augmentation[] = [];
  if (options.flip) made.push(flip(options.flip));
  if (options.shift) made.push(shift(options.shift));
  if (options.colourJitter) made.push(colourJitter(options.colourJitter));
  if (options.erase) made.push(erase(options.erase));
  return made;
}
