import type { CellChoice } from 'dna-nas/core/contracts';
import { pathOf } from 'dna-nas/core/space';
import type { CellRatings } from 'dna-nas/core/stages';

/** The best-rated candidates of a block over all its cells, best first; equal ratings in the order of cells and paths. */
export function bestCandidates(ratings: readonly CellRatings[], block: number, count: number): CellChoice[] {
  const all = ratings
    .filter((cell) => cell.block === block)
    .flatMap(({ cell, choices, values }) =>
      Array.from(values, (rating, number) => ({ cell, choices, number, rating })),
    );
  // A rating that is not a number is no candidate to build on.
  const order = (rating: number) => (Number.isNaN(rating) ? Number.POSITIVE_INFINITY : rating);
  // Those of a cell are in order.
  all.sort((a, b) => compare(order(a.rating), order(b.rating)) || a.cell - b.cell);
  return all.slice(0, count).map(({ cell, choices, number }) => ({ cell, path: pathOf(number, choices) }));
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
