import type { CellChoice, Costs, FeatureShape, SpaceBlock } from 'dna-nas/core/contracts';
import type { CountedSpace } from 'dna-nas/core/stages';
import { choicesOfCell, vector } from './space-problem.js';

/** Costs by name, and a limit each, infinite where there is none. */
interface Limits {
  readonly costNames: readonly string[];
  readonly limits: readonly number[];
}

/**
 * Whether the network of the smallest cells is within the limits, with the path in each that takes the smallest share of
 * them. Costs are added as the search adds them, so this network proves that the limits can be met; that it is not within
 * them proves nothing. One cell a block is priced, and on one input.
 */
export function isCheapWithin({ space, data }: CountedSpace, limited: Limits): boolean {
  const { costNames, limits } = limited;
  const sums = new Float64Array(costNames.length);
  const add = (costs: Costs) => {
    for (const [cost, value] of vector(costNames, costs).entries()) sums[cost]! += value;
  };
  let input: FeatureShape = data.image;
  for (const block of space.blocks.keys()) {
    const priced = (choice: CellChoice) => space.priceBlock(block, choice, input);
    const cell = smallestCell(space.blocks[block]!.cells);
    const { costs, output } = cheapest(choicesOfCell(space, { block, cell }).map(priced), limited);
    add(costs);
    input = output;
  }
  add(space.priceHead(input, data.classes));
  // What is no number is within no limit, and left to whoever prices all.
  return limits.every((limit, cost) => sums[cost]! <= limit);
}

function smallestCell(cells: SpaceBlock['cells']): number {
  const sizes = cells.map(({ layers, channels }) => layers.length * channels);
  return sizes.indexOf(Math.min(...sizes));
}

type Price = { readonly costs: Costs; readonly output: FeatureShape };

function cheapest(prices: readonly Price[], { costNames, limits }: Limits): Price {
  const share = ({ costs }: Price) =>
    costNames.reduce((sum, name, cost) => sum + (costs[name] ?? 0) / limits[cost]!, 0);
  let [least, leastShare] = [prices[0]!, share(prices[0]!)];
  for (const price of prices) {
    const own = share(price);
    if (own < leastShare) [least, leastShare] = [price, own];
  }
  return least;
}
