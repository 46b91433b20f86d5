import type { SearchSpace } from 'dna-nas/core/contracts';
import { canonicalChoice, numberOfPath, pathCount, pathOf } from 'dna-nas/core/space';

/**
 * Which paths of a cell make the same network as another, by the space's `canonical`. Equal candidates have one rating,
 * that of their canonical form, though the supernet has other weights for each.
 */
export class EqualPaths {
  /** By each path's number, that of its canonical form. */
  readonly #canonical: Int32Array;
  /** Numbers of the paths that are their own canonical form, as paths come to them. */
  readonly distinct: readonly number[];

  constructor(space: SearchSpace, at: { readonly block: number; readonly cell: number }) {
    this.#canonical = canonicalPaths(space, at);
    this.distinct = [...new Set(this.#canonical)];
  }

  /** Ratings by path, of which only those of `distinct` are read → ratings of all. */
  spread(ratings: Float64Array): Float64Array {
    return Float64Array.from(this.#canonical, (number) => ratings[number]!);
  }
}

function canonicalPaths(
  space: SearchSpace,
  { block, cell }: { readonly block: number; readonly cell: number },
): Int32Array {
  const choices = space.blocks[block]!.cells[cell]!.layers.map(({ length }) => length);
  return Int32Array.from({ length: pathCount(choices) }, (_, number) => {
    const found = canonicalChoice(space, block, { cell, path: pathOf(number, choices) });
    return found.cell === cell ? numberOfPath(found.path, choices) : number;
  });
}
