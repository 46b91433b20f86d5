import type { RandomStream } from 'dna-nas/core';
import type { ImageOperationName } from './eight-bit/index.js';

/** Magnitudes go from 0 to 10. */
export const MOST_LEVEL = 10;

/** An operation of a policy, and how its argument follows from the magnitude. */
export interface LevelledOperation {
  readonly operation: ImageOperationName;
  /** The argument at a magnitude; a sign is drawn where both directions are alike. */
  argument(level: number, random: RandomStream): number;
}

const share = (level: number, greatest: number) => (level / MOST_LEVEL) * greatest;
const whole = (level: number, greatest: number) => Math.trunc(share(level, greatest));
const signed = (value: number, random: RandomStream) => (random.uniform() > 0.5 ? -value : value);
const ignored = () => 0;
const factor = (level: number) => share(level, 1.8) + 0.1;
const away = (level: number, random: RandomStream) => Math.max(0.1, 1 + signed(share(level, 0.9), random));

function both(greatest: number) {
  return (level: number, random: RandomStream) => signed(share(level, greatest), random);
}

/**
 * The operations by the names that policies use (those of timm, in our spelling), with timm's scales. What ends in
 * `-increasing` grows stronger with the magnitude; the plain ones of the same kind follow the TPU policies, where
 * solarise and posterise grow weaker and factors run from 0.1 to 1.9. `posterise-original` is the paper's.
 */
export const LEVELS = Object.freeze({
  'auto-contrast': { operation: 'auto-contrast', argument: ignored },
  equalise: { operation: 'equalise', argument: ignored },
  invert: { operation: 'invert', argument: ignored },
  rotate: { operation: 'rotate', argument: both(30) },
  posterise: { operation: 'posterise', argument: (level) => whole(level, 4) },
  'posterise-increasing': { operation: 'posterise', argument: (level) => 4 - whole(level, 4) },
  'posterise-original': { operation: 'posterise', argument: (level) => 4 + whole(level, 4) },
  solarise: { operation: 'solarise', argument: (level) => Math.min(256, whole(level, 256)) },
  'solarise-increasing': {
    operation: 'solarise',
    argument: (level) => 256 - Math.min(256, whole(level, 256)),
  },
  'solarise-add': { operation: 'solarise-add', argument: (level) => Math.min(128, whole(level, 110)) },
  colour: { operation: 'colour', argument: factor },
  'colour-increasing': { operation: 'colour', argument: away },
  contrast: { operation: 'contrast', argument: factor },
  'contrast-increasing': { operation: 'contrast', argument: away },
  brightness: { operation: 'brightness', argument: factor },
  'brightness-increasing': { operation: 'brightness', argument: away },
  sharpness: { operation: 'sharpness', argument: factor },
  'sharpness-increasing': { operation: 'sharpness', argument: away },
  'shear-x': { operation: 'shear-x', argument: both(0.3) },
  'shear-y': { operation: 'shear-y', argument: both(0.3) },
  'translate-x': { operation: 'translate-x', argument: both(0.45) },
  'translate-y': { operation: 'translate-y', argument: both(0.45) },
} satisfies Record<string, LevelledOperation>);

export type LevelName = keyof typeof LEVELS;
