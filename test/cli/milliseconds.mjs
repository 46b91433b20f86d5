import { definePlugin } from 'dna-nas/core';
import { addCosts } from 'dna-nas/core/space';

/** Of each operation, the cheaper in multiply-adds the slower. */
const OF_OPERATION = { k3e2: 4, k5e2: 1.5 };

export default definePlugin({
  name: 'milliseconds',
  description: 'Prices milliseconds by operation.',
  module: import.meta.url,
  apply(run) {
    run.hooks.space.tap('milliseconds', (space) =>
      addCosts(space, {
        priceBlock(block, { cell, path }) {
          const { layers } = space.blocks[block].cells[cell];
          const times = path.map((operation, layer) => OF_OPERATION[layers[layer][operation]]);
          return { milliseconds: times.reduce((sum, time) => sum + time, 0) };
        },
        priceHead: () => ({ milliseconds: 0.5 }),
      }),
    );
  },
});
