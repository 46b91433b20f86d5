import { mean } from './mean.js';

/** A 95 % interval; null where what it is of has no value. */
export type Interval = readonly [low: number, high: number] | null;

const TAIL = 0.025;

/** From the 2.5th to the 97.5th percentile of a bootstrap's replicates; those without a value are left out. */
export function percentileInterval(replicates: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(replicates).filter(Number.isFinite).sort();
  return sorted.length === 0 ? null : [quantile(sorted, TAIL), quantile(sorted, 1 - TAIL)];
}

/**
 * The same, moved so that the replicates' mean is the estimate. For resampled training seeds: a seed drawn twice adds
 * noise, which lowers each replicate's order, so that the spread of the replicates tells something and their level
 * does not.
 */
export function centredInterval(replicates: ArrayLike<number>, estimate: number): Interval {
  const values = Float64Array.from(replicates).filter(Number.isFinite);
  const shift = estimate - mean(values);
  return percentileInterval(values.map((value) => value + shift));
}

/** Linear between the two nearest places of sorted values; NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  const [from, to] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!];
  return from + (to - from) * (place - low);
}
