import { type Architecture, type AttachedRunFolder, numberOfPath } from 'dna-nas/core';
import { runNotRanked } from '../errors.js';

/** One cell's ratings as `ratings.json` holds them. */
interface CellRecord {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly values: readonly number[];
}

/** What a run's ratings say of whole networks. */
export class RatedArchitectures {
  readonly #cells: ReadonlyMap<string, CellRecord>;

  /** @throws DnaError `AUDIT_RUN` if the run has not ranked its candidates. */
  constructor(folder: AttachedRunFolder) {
    const { cells } = (folder.readJson('ratings') ?? {}) as { cells?: readonly CellRecord[] };
    if (!cells) throw runNotRanked(folder.path, (folder.readJson('config') as RunConfig).values ?? {});
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
