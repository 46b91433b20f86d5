import type { Augmentation } from 'dna-nas/core/contracts';
import type { Normalisation } from '../images/image-memory.js';
import { type AutoAugmentOptions, autoAugment } from './auto-augment.js';
import { AUTO_AUGMENT_POLICIES, type AutoAugmentPolicy } from './auto-augment-policies.js';
import { type ColourJitterOptions, colourJitter } from './colour-jitter.js';
import { type EraseOptions, erase } from './erase.js';
import { flip } from './flip.js';
import { type RandAugmentOptions, randAugment } from './rand-augment.js';
import { RAND_AUGMENT_TEXT, readRandAugment } from './rand-augment-text.js';
import { shift } from './shift.js';

/** The augmentations that a data plugin's `augment` option can name; absent ones are not made. */
export interface AugmentOptions {
  /** Probability of mirroring left to right. */
  readonly flip?: number;
  /** Greatest shift in pixels. */
  readonly shift?: number;
  /** Its options, or timm's notation: `rand-m9-mstd0.5-inc1`. */
  readonly randAugment?: RandAugmentOptions | string;
  /** Its options, or the name of the policy. */
  readonly autoAugment?: AutoAugmentOptions | AutoAugmentPolicy;
  readonly colourJitter?: ColourJitterOptions;
  readonly erase?: EraseOptions;
}

const probability = { type: 'number', minimum: 0, maximum: 1 };
const reach = { type: 'number', minimum: 0, maximum: 1 };
const range = { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 2, maxItems: 2 };

const magnitude = { type: 'number', minimum: 0 };

const interpolation = {
  enum: ['random', 'bilinear', 'bicubic'],
  description: 'How images are read between pixels; random: one of the two, drawn.',
};

const RAND_AUGMENT_OPTIONS = {
  type: 'object',
  additionalProperties: false,
  properties: {
    operations: { type: 'integer', minimum: 1, description: 'Operations drawn for an image (2).' },
    magnitude: { ...magnitude, description: 'Strength from 0 to 10 (9).' },
    mostMagnitude: { ...magnitude, description: 'Where drawn magnitudes are cut off (10).' },
    deviation: { ...magnitude, description: 'Standard deviation of the magnitude (0.5).' },
    probability: { ...probability, description: 'That a drawn operation is applied (0.5).' },
    increasing: { type: 'boolean', description: 'Whether all grow stronger with the magnitude (true).' },
    interpolation,
  },
};

const POLICY = { enum: Object.keys(AUTO_AUGMENT_POLICIES) };

const AUTO_AUGMENT_OPTIONS = {
  type: 'object',
  additionalProperties: false,
  properties: {
    policy: { ...POLICY, description: 'The table of operations (v0).' },
    deviation: { ...magnitude, description: 'Standard deviation of the magnitude (0).' },
    interpolation,
  },
};

/** JSON schema of `AugmentOptions`. */
export const AUGMENT_SCHEMA = Object.freeze({
  type: 'object',
  additionalProperties: false,
  properties: {
    flip: { ...probability, description: 'Probability of mirroring an image left to right.' },
    shift: { type: 'integer', minimum: 0, description: 'Greatest shift in pixels, in each direction.' },
    randAugment: {
      anyOf: [{ type: 'string', pattern: RAND_AUGMENT_TEXT }, RAND_AUGMENT_OPTIONS],
      description: 'RandAugment: its options, or a text as timm has it, such as rand-m9-mstd0.5-inc1.',
    },
    autoAugment: {
      anyOf: [POLICY, AUTO_AUGMENT_OPTIONS],
      description: 'AutoAugment: the policy v0, v0r, original or originalr, or its options.',
    },
    colourJitter: {
      type: 'object',
      description: 'Factors drawn from 1−x to 1+x, applied in a drawn order.',
      additionalProperties: false,
      properties: {
        brightness: { ...reach, description: 'x of the brightness.' },
        contrast: { ...reach, description: 'x of the contrast.' },
        saturation: { ...reach, description: 'x of the saturation.' },
        hue: { ...reach, maximum: 0.5, description: 'Turns of the colour circle drawn from −x to x.' },
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
          anyOf: [{ enum: ['noise', 'const', 'pixel'] }, probability],
          description: 'A constant from 0 to 1, `noise`, or timm’s `const` and `pixel`.',
        },
      },
    },
  },
});

/**
 * Makes them in the order flip, shift, RandAugment, AutoAugment, colour jitter, erase. `normalisation`: the data's,
 * whose mean colour fills what comes in from outside and which `erase` needs.
 */
export function createAugmentations(
  options: AugmentOptions = {},
  normalisation?: Normalisation,
): Augmentation[] {
  const { randAugment: random, autoAugment: auto } = options;
  const made: Augmentation[] = [];
  if (options.flip) made.push(flip(options.flip));
  if (options.shift) made.push(shift(options.shift));
  if (random)
    made.push(randAugment(typeof random === 'string' ? readRandAugment(random) : random, normalisation));
  if (auto) made.push(autoAugment(typeof auto === 'string' ? { policy: auto } : auto, normalisation));
  if (options.colourJitter) made.push(colourJitter(options.colourJitter));
  if (options.erase) made.push(erase(options.erase, normalisation));
  return made;
}
