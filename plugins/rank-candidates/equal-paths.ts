import { numberOfPath, pathCount, pathOf, type SearchSpace } from 'dna-nas/core';

/**
 * Which paths of a cell make the same network as another, by the space's `canonical`. Equal candidates have one rating,
 * that of their canonical form, though the supernet has other weights for each.
 */
export class EqualPaths {
  /** By each path's number, that of its canonical form. */
  readonly #canonical: Int32Array;
  /** Numbers of the paths that are their own canonical form, ascending. */
  readonly distinct: readonly number[];

  constructor(space: SearchSpace, at: { readonly block: number; readonly cell: number }) {
    this.#canonical = canonicalPaths(space, at);
    this.distinct = [...new Set(this.#canonical)].sort((a, b) => a - b);
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
  const numbers = Int32Array.from({ length: pathCount(choices) }, (_, number) => number);
  if (!space.canonical) return numbers;
  const around = space.blocks.map(({ cells }) => ({ cell: 0, path: cells[0]!.layers.map(() => 0) }));
  return numbers.map((number) => {
    const given = around.with(block, { cell, path: pathOf(number, choices) });
    const found = space.canonical!(given);
    return found[block]!.cell === cell ? numberOfPath(found[block]!.path, choices) : number;
  });
}
