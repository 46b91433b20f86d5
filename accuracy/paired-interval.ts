import { DEVIATIONS_95 } from './wilson-interval.js';

/** How two networks did on the same images. */
export interface PairedCounts {
  /** Images that the first network alone got right. */
  readonly first: number;
  /** Images that the second alone got right. */
  readonly second: number;
  /** All images that both were tested on. */
  readonly images: number;
}

/** Halvings of a limit's range: beyond the last bit of a double. */
const ROUNDS = 60;

/**
 * The 95 % confidence interval of the difference of two shares, first minus second, that were counted on the same
 * images: the differences that Tango's score test does not reject (Statistics in Medicine 17, 1998). It holds for small
 * counts, and leaves zero out exactly where McNemar's test finds a difference. Throws where the counts do not fit.
 */
export function pairedInterval(counts: PairedCounts): readonly [low: number, high: number] {
  const { first, second, images } = counts;
  if (!(images > 0 && first >= 0 && second >= 0 && first + second <= images)) {
    throw new RangeError(`pairedInterval: ${first} and ${second} of ${images} images are no counts.`);
  }
  const difference = (first - second) / images;
  return [
    limit(counts, { from: -1, to: difference, score: DEVIATIONS_95 }),
    limit(counts, { from: difference, to: 1, score: -DEVIATIONS_95 }),
  ];
}

/** Where the score, which falls as the difference grows, passes a value. */
function limit(
  counts: PairedCounts,
  { from, to, score }: { readonly from: number; readonly to: number; readonly score: number },
): number {
  let [low, high] = [from, to];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (scoreOf(counts, middle) > score) low = middle;
    else high = middle;
  }
  return score > 0 ? low : high;
}

/** Tango's statistic of the hypothesis that the shares differ by so much: standard normal where it is true. */
function scoreOf({ first, second, images }: PairedCounts, difference: number): number {
  const excess = first - second - images * difference;
  // The likeliest share of images that the second network alone gets right, if the hypothesis is true.
  const linear = (2 * images - first + second) * difference - first - second;
  const constant = -second * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, linear ** 2 - 8 * images * constant));
  const share = (root - linear) / (4 * images);
  const variance = images * (2 * share + difference * (1 - difference));
  if (variance > 0) return excess / Math.sqrt(variance);
  return excess === 0 ? 0 : Math.sign(excess) * Number.POSITIVE_INFINITY;
}
