import { estimate, studentT95 } from './estimate.js';
import { DEVIATIONS_95 } from './wilson-interval.js';

/** A difference of shares and its 95 % interval. */
export interface StandingDifference {
  readonly difference: number;
  readonly interval: readonly [low: number, high: number];
}

/**
 * How far a network's share of right images is from the mean of m random ones, each given as zeros and ones by image.
 * The interval is the wider of two: how far a further random network would be from their mean (Student's t, their
 * standard deviation times √(1 + 1/m)), and how far the choice of images moves the difference (normal, image by image).
 * The first has the choice of images in it, as far as it makes networks differ; the second holds where a few networks
 * happen to be equal. @throws RangeError for fewer than two random networks, or other numbers of images.
 */
export function standingInterval(one: Uint8Array, others: readonly Uint8Array[]): StandingDifference {
  const images = one.length;
  if (others.length < 2 || images < 2 || others.some(({ length }) => length !== images)) {
    throw new RangeError('standingInterval needs two random networks or more, and the same images of each.');
  }
  const differences = Array.from(one, (right, image) => {
    return right - others.reduce((sum, bits) => sum + bits[image]!, 0) / others.length;
  });
  const shares = others.map((bits) => bits.reduce((sum, bit) => sum + bit, 0) / images);
  const { mean: difference } = estimate(differences);
  const ofNetworks = studentT95(others.length - 1) * deviation(shares) * Math.sqrt(1 + 1 / others.length);
  const ofImages = (DEVIATIONS_95 * deviation(differences)) / Math.sqrt(images);
  const half = Math.max(ofNetworks, ofImages);
  return { difference, interval: [difference - half, difference + half] };
}

/** Standard deviation, with one degree of freedom for the mean. */
function deviation(values: readonly number[]): number {
  const { mean } = estimate(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
