import type { Architecture, Costs, SearchSpace } from 'dna-nas/core/contracts';
import { pathCount, pathOf } from 'dna-nas/core/space';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';

export const IMAGE = { height: 16, width: 16, channels: 3 };
const CLASSES = 7;
export const data = { image: IMAGE, classes: CLASSES };

/** Three blocks whose cells put out different channels, so that each block's costs depend on the one before it. */
export const SPACE = spaceMbconv({
  kernels: [3, 5],
  expansions: [3],
  stem: { channels: 8, stride: 2, separable: 0 },
  blocks: [
    {
      stride: 2,
      cells: [
        { layers: 1, channels: 8 },
        { layers: 1, channels: 20 },
      ],
    },
    {
      stride: 2,
      cells: [
        { layers: 1, channels: 16 },
        { layers: 1, channels: 36 },
      ],
    },
    {
      stride: 1,
      cells: [
        { layers: 1, channels: 24 },
        { layers: 2, channels: 48 },
      ],
    },
  ],
  head: 32,
});

export interface Counted {
  readonly architecture: Architecture;
  readonly costs: Costs;
}

/** Every network of the space, counted on the network itself. */
export function allNetworks(space: SearchSpace): Counted[] {
  const choices = space.blocks.map(({ cells }) =>
    cells.flatMap(({ layers }, cell) => {
      const counts = layers.map(({ length }) => length);
      return Array.from({ length: pathCount(counts) }, (_, number) => ({
        cell,
        path: pathOf(number, counts),
      }));
    }),
  );
  const architectures = choices.reduce<Architecture[]>(
    (all, own) => all.flatMap((before) => own.map((choice) => [...before, choice])),
    [[]],
  );
  return architectures.map((architecture) => {
    const { macs, params } = space.createNetwork(architecture, data).cost(IMAGE);
    return { architecture, costs: { macs, params } };
  });
}
