import { type Architecture, type AttachedRunFolder, type CellRatings, numberOfPath } from 'dna-nas/core';
import { runNotRanked } from '../errors.js';

/** The ratings that a run has kept. @throws DnaError `AUDIT_RUN` if it has not ranked its candidates. */
export function ratingsOfRun(folder: AttachedRunFolder): CellRatings[] {
  const { cells } = (folder.readJson('ratings') ?? {}) as { cells?: readonly CellRecord[] };
  if (!cells) throw runNotRanked(folder.path, (folder.readJson('config') as RunConfig).values ?? {});
  return cells.map((cell) => ({ ...cell, values: Float64Array.from(cell.values) }));
}

/** One cell's ratings as `ratings.json` holds them. */
type CellRecord = Omit<CellRatings, 'values'> & { readonly values: readonly number[] };

/** What ratings of cells say of whole networks. */
export class RatedArchitectures {
  readonly #cells: ReadonlyMap<string, CellRatings>;

  constructor(cells: readonly CellRatings[]) {
    this.#cells = new Map(cells.map((one) => [`${one.block}/${one.cell}`, one]));
  }

  /** Of each block; NaN if it was not rated. The search adds them in their order. */
  ratingsOf(architecture: Architecture): number[] {
    return architecture.map(({ cell, path }, block) => {
      const rated = this.#cells.get(`${block}/${cell}`);
      return rated?.values[numberOfPath(path, rated.choices)] ?? Number.NaN;
    });
  }
}

interface RunConfig {
  readonly values?: { readonly architecture?: unknown; readonly architectures?: unknown };
}
