import type { RandomStanding } from 'dna-nas/core/stages';
import { counted } from 'dna-nas/errors';

/** A difference of two accuracies and its 95 % interval, as shares. */
export interface Difference {
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
}

/** Whether a difference was shown: zero is outside of its interval. */
export function isShown({ interval: [low, high] }: Difference): boolean {
  return low > 0 || high < 0;
}

/** A difference of shares in percentage points with its sign: `+1.61`, `−0.30`, `0.00`. */
export function formatPoints(share: number, digits = 2): string {
  const text = Math.abs(100 * share).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${share < 0 ? '−' : '+'}${text}`;
}

/** An interval in points: `0.90 to 2.31`, `−0.30 to 1.10`. */
export function formatPointsInterval(interval: readonly [low: number, high: number], digits = 2): string {
  return interval.map((end) => formatPoints(end, digits).replace('+', '')).join(' to ');
}

/**
 * How far a network's accuracy is from another's, for the end of a sentence: `1.61 points above random (95 % interval
 * 0.90 to 2.31, 10,000 images)`. A difference that was not shown is called none, with what was seen behind it: `no
 * difference to random that 60 images can show (+10.00 points, 95 % interval −3.16 to 22.80)`.
 */
export function differenceWords(
  found: Difference,
  { from, by }: { readonly from: string; readonly by: string },
): string {
  const { difference, interval } = found;
  const range = `95 % interval ${formatPointsInterval(interval)}`;
  if (!isShown(found))
    return `no difference to ${from} that ${by} can show (${formatPoints(difference)} points, ${range})`;
  const side = difference > 0 ? 'above' : 'below';
  return `${formatPoints(Math.abs(difference)).replace('+', '')} points ${side} ${from} (${range}, ${by})`;
}

/**
 * Where a network stands among random ones, for the end of a sentence: `1.61 points above the mean of 4 random networks
 * (95 % interval 0.90 to 2.31, 4 networks on 10,000 images), and above 3.5 of the 4`. One of the same accuracy counts half.
 */
export function standingWords(standing: RandomStanding, { of = '' }: { readonly of?: string } = {}): string {
  const { length } = standing.among;
  const by = `${length} networks on ${imagesText(standing.images)}`;
  const above = Number(((standing.percentile / 100) * length).toFixed(1));
  return `${differenceWords(standing, { from: `the mean of ${length} random networks${of}`, by })}, and above ${above} of the ${length}`;
}

/** `10,000 images`, `1 image`. */
export function imagesText(images: number): string {
  return counted(images, 'image');
}
