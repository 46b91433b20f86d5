import type { CellChoice } from 'dna-nas/core/contracts';
import { numberOfPath } from 'dna-nas/core/space';
import type { CellRatingsRecord } from './run-data.js';

/** How a choice stands among all candidates of its block. */
export interface Standing {
  readonly rating: number;
  /** 1 is the best. */
  readonly rank: number;
  readonly candidates: number;
}

/** Ratings of all candidates of a block, whatever their cell. */
export function ratingsOfBlock(ratings: readonly CellRatingsRecord[], block: number): number[] {
  return ratings.filter((cell) => cell.block === block).flatMap((cell) => [...cell.values]);
}

/** Undefined if the choice was not rated. */
export function standingOf(
  ratings: readonly CellRatingsRecord[],
  block: number,
  choice: CellChoice,
): Standing | undefined {
  const cell = ratings.find((candidate) => candidate.block === block && candidate.cell === choice.cell);
  const rating = cell?.values[numberOfPath(choice.path, cell.choices)];
  if (rating === undefined) return undefined;
  const all = ratingsOfBlock(ratings, block);
  const better = all.reduce((sum, value) => sum + (value < rating ? 1 : 0), 0);
  return { rating, rank: better + 1, candidates: all.length };
}
