import type { CellRatings } from 'dna-nas/core/stages';
import { notPositive } from './errors.js';
import type { ScaleBlocksOptions } from './options.js';

type Values = ScaleBlocksOptions['values'];

type Change = (rating: number) => number;

/** The ratings of each block's cells, each by what stands for it. @throws DnaError `RATING_SCALE` */
export function valuesOf(blocks: readonly (readonly CellRatings[])[], values: Values): CellRatings[] {
  const finite = blocks.map((cells) => cells.flatMap((cell) => [...cell.values]).filter(Number.isFinite));
  const changeOf = CHANGES[values](finite);
  return blocks.flatMap((cells, block) => {
    const change = changeOf(block);
    // What is infinite is left out of a search, and stays so.
    const changed = (rating: number) => (Number.isFinite(rating) ? change(rating) : rating);
    return cells.map((cell) => ({ ...cell, values: cell.values.map(changed) }));
  });
}

/** From the ratings of all blocks to the change of one block's. */
const CHANGES: Record<Values, (blocks: readonly number[][]) => (block: number) => Change> = {
  plain: () => () => (rating) => rating,

  log: (blocks) => (block) => {
    const least = Math.min(...blocks[block]!);
    if (least <= 0) throw notPositive(block, least);
    return Math.log;
  },

  'log-excess'(blocks) {
    const distinct = blocks.map((ratings) => [...new Set(ratings)]);
    const bests = distinct.map((ratings) => Math.min(...ratings));
    const above = distinct.map((ratings, block) => meanOf(ratings) - bests[block]!);
    const excess = meanOf(above.filter(Number.isFinite));
    return (block) => (rating) => (excess > 0 ? Math.log1p((rating - bests[block]!) / excess) : 0);
  },

  ranks: (blocks) => (block) => {
    const ranks = ranksOf(blocks[block]!);
    return (rating) => ranks.get(rating)!;
  },
};

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** From 0 to 1 by rating; equal ratings have the mean of their ranks. */
function ranksOf(ratings: readonly number[]): Map<number, number> {
  const sorted = [...ratings].sort((one, other) => one - other);
  const last = Math.max(1, sorted.length - 1);
  const ranks = new Map<number, number>();
  for (let first = 0, end = 0; first < sorted.length; first = end) {
    while (end < sorted.length && sorted[end] === sorted[first]) end++;
    ranks.set(sorted[first]!, (first + end - 1) / 2 / last);
  }
  return ranks;
}
