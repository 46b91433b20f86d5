import type { CellRatings } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';

/** One cell's ratings as `ratings.json` holds them. */
type CellRecord = Omit<CellRatings, 'values'> & { readonly values: readonly number[] };

/**
 * The ratings that a run has kept; undefined before its rank stage has ended, and in one that rates nothing.
 * @throws DnaError `STORE_CORRUPT`.
 */
export function ratingsOfRun(folder: AttachedRunFolder): CellRatings[] | undefined {
  const { cells } = (folder.readJson('ratings') ?? {}) as { cells?: readonly CellRecord[] };
  return cells?.map((cell) => ({ ...cell, values: Float64Array.from(cell.values) }));
}
