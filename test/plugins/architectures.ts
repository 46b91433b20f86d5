import type { RandomStream } from 'dna-nas/core';
import type { Architecture, FeatureShape, SearchSpace } from 'dna-nas/core/contracts';

/** A uniformly drawn network of a space. */
export function drawArchitecture(space: SearchSpace, random: RandomStream): Architecture {
  return space.blocks.map(({ cells }) => {
    const cell = random.integer(cells.length);
    return { cell, path: cells[cell]!.layers.map((operations) => random.integer(operations.length)) };
  });
}

/** The sum of a network's prices, block by block and head. */
export function sumPrices(
  space: SearchSpace,
  architecture: Architecture,
  { image, classes }: { image: FeatureShape; classes: number },
): { macs: number; params: number } {
  let shape = image;
  let macs = 0;
  let params = 0;
  const add = (costs: Readonly<Record<string, number>>) => {
    macs += costs.macs!;
    params += costs.params!;
  };
  for (const [block, choice] of architecture.entries()) {
    const { output, costs } = space.priceBlock(block, choice, shape);
    shape = output;
    add(costs);
  }
  add(space.priceHead(shape, classes));
  return { macs, params };
}
