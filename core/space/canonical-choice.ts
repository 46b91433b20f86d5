import type { Architecture, CellChoice, SearchSpace } from '../contracts/index.js';

/**
 * The choice of one block that makes the same network as a given one, by the space's `canonical`; the given one itself
 * where the space has no such form. What stands in the other blocks does not matter.
 */
export function canonicalChoice(space: SearchSpace, block: number, choice: CellChoice): CellChoice {
  if (!space.canonical) return choice;
  const others: Architecture = space.blocks.map(({ cells }) => ({
    cell: 0,
    path: cells[0]!.layers.map(() => 0),
  }));
  return space.canonical(others.with(block, choice))[block]!;
}
