import type { Augmentation } from 'dna-nas/core/contracts';
import type { Normalisation } from '../images/image-memory.js';
import { requireProbability } from './checks.js';
import { type LevelName, MOST_LEVEL } from './levels.js';
import { type PolicyOptions, PolicyRunner, type PolicyStep } from './policy-runner.js';

export interface RandAugmentOptions extends PolicyOptions {
  /** Operations drawn for an image, with replacement. @default 2 */
  readonly operations?: number;
  /** Strength from 0 to 10. @default 9 */
  readonly magnitude?: number;
  /** Magnitudes that are drawn are cut off there. @default 10 */
  readonly mostMagnitude?: number;
  /** That a drawn operation is applied. @default 0.5 */
  readonly probability?: number;
  /** Whether every operation grows stronger with the magnitude; else as the TPU policies have them. @default true */
  readonly increasing?: boolean;
  /** @default 0.5 */
  readonly deviation?: number;
}

const ALWAYS: readonly LevelName[] = ['auto-contrast', 'equalise', 'invert', 'rotate'];
const SCALED: readonly LevelName[] = ['posterise', 'solarise'];
const FACTORS: readonly LevelName[] = ['colour', 'contrast', 'brightness', 'sharpness'];
const MOVES: readonly LevelName[] = ['shear-x', 'shear-y', 'translate-x', 'translate-y'];

/** The operations that RandAugment draws from, each as likely. */
export function randAugmentOperations(increasing: boolean): LevelName[] {
  const named = (names: readonly LevelName[]) =>
    increasing ? names.map((name) => `${name}-increasing` as LevelName) : names;
  return [...ALWAYS, ...named(SCALED), 'solarise-add', ...named(FACTORS), ...MOVES];
}

/**
 * RandAugment (Cubuk et al. 2019) with timm's scales: some operations, each drawn evenly, applied with a probability
 * and at a magnitude that is drawn around the one that is set. `normalisation`: the data's, whose mean colour fills
 * what comes in from outside.
 */
export function randAugment(options: RandAugmentOptions = {}, normalisation?: Normalisation): Augmentation {
  const { operations = 2, magnitude = 9, probability = 0.5, increasing = true, ...rest } = options;
  const { mostMagnitude = MOST_LEVEL, deviation = 0.5, interpolation = 'random' } = rest;
  requireProbability('randAugment', probability);
  if (!Number.isInteger(operations) || operations < 1) {
    throw new RangeError(`randAugment: one or more operations were expected, not ${operations}.`);
  }
  if (!(magnitude >= 0 && magnitude <= mostMagnitude)) {
    throw new RangeError(
      `randAugment: a magnitude from 0 to ${mostMagnitude} was expected, not ${magnitude}.`,
    );
  }
  const runner = new PolicyRunner({ deviation, interpolation, mostMagnitude, normalisation });
  const steps = randAugmentOperations(increasing).map(
    (name): PolicyStep => ({ name, probability, magnitude }),
  );
  return {
    name: 'rand-augment',
    apply(pixels, shape, random) {
      const drawn = Array.from({ length: operations }, () => steps[random.integer(steps.length)]!);
      runner.apply(pixels, shape, { steps: drawn, random });
    },
  };
}
