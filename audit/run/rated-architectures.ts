import type { Architecture } from 'dna-nas/core/contracts';
import { numberOfPath } from 'dna-nas/core/space';
import type { CellRatings } from 'dna-nas/core/stages';

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

  /** The same of several networks: a column a block. */
  columnsOf(architectures: readonly Architecture[]): Float64Array[] {
    const all = architectures.map((architecture) => this.ratingsOf(architecture));
    return all[0]!.map((_, block) => Float64Array.from(all, (ratings) => ratings[block]!));
  }
}
