import type { CellRatings } from 'dna-nas/core/stages';
import { notPositive } from './errors.js';
import type { ScaleBlocksOptions } from './options.js';

type Values = ScaleBlocksOptions['values'];

/** The ratings of one block's cells, each by what stands for it. @throws DnaError `RATING_SCALE` */
export function valuesOf(cells: readonly CellRatings[], values: Values): CellRatings[] {
  const change = changeOf(cells, values);
  return cells.map((cell) => ({ ...cell, values: cell.values.map(change) }));
}

/** What is infinite is left out of a search, and stays so. */
function changeOf(cells: readonly CellRatings[], values: Values): (rating: number) => number {
  if (values === 'plain') return (rating) => rating;
  const all = cells.flatMap((cell) => [...cell.values]).filter(Number.isFinite);
  if (values === 'log') {
    const least = Math.min(...all);
    if (least <= 0) throw notPositive(cells[0]!.block, least);
    return Math.log;
  }
  const ranks = ranksOf(all);
  return (rating) => ranks.get(rating) ?? rating;
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
