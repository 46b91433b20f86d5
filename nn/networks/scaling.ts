import { makeDivisible } from '../layers/divisible.js';

const DIVISOR = 8;

/** Channels times a width multiplier, rounded to a multiple of eight as EfficientNets are. */
export function roundChannels(channels: number, width = 1): number {
  return makeDivisible(channels * width, DIVISOR);
}

/**
 * Repeats of each definition of a stage under a depth multiplier: the stage's sum is rounded up and handed out in
 * proportion, the last definition first, as timm does.
 */
export function scaleRepeats(repeats: readonly number[], depth: number): number[] {
  let rest = repeats.reduce((sum, count) => sum + count, 0);
  let scaledRest = Math.ceil(rest * depth);
  const scaled: number[] = [];
  for (const count of repeats.toReversed()) {
    const share = Math.max(1, roundHalfToEven((count / rest) * scaledRest));
    scaled.unshift(share);
    rest -= count;
    scaledRest -= share;
  }
  return scaled;
}

/** Rounds as Python does, whose rounding the published scaled networks depend on. */
function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
