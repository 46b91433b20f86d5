import { mean } from '../statistics/index.js';

/** What stands in a sum for a rating of a block. */
export type Shape = (rating: number, block: number) => number;

/**
 * Ways in which the ratings of blocks may add up to a network's: as they are; as the logarithm of 1 and what a candidate
 * is worse than its block's best, over the mean of that, so that the first errors count most; and, where all are above
 * 0, their logarithms.
 *
 * @param blocks the ratings of each block, all finite
 */
export function shapesOf(blocks: readonly ArrayLike<number>[]): Shape[] {
  const ratings = blocks.map((block) => Array.from(block));
  const least = ratings.map((block) => block.reduce((low, rating) => Math.min(low, rating)));
  const excess = mean(ratings.map((block, index) => mean(block.map((rating) => rating - least[index]!))));
  return [
    (rating) => rating,
    ...(excess > 0 ? [(rating: number, block: number) => Math.log1p((rating - least[block]!) / excess)] : []),
    ...(least.every((rating) => rating > 0) ? [Math.log] : []),
  ];
}
