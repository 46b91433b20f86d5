import { definePlugin } from 'dna-nas/core';

/** Says of the second block's first cell, of two layers, that the order of its operations makes no difference. */
export default definePlugin({
  name: 'equal-space',
  description: 'Makes some networks of the space equal.',
  module: import.meta.url,
  apply(run) {
    run.hooks.space.tap('equal-space', (space) =>
      Object.assign(space, {
        canonical: ([first, second]) => [
          first,
          { ...second, path: second.cell === 0 ? second.path.toSorted((a, b) => a - b) : second.path },
        ],
        depth: ([first, second]) => 10 * first.path.length + second.path.length,
      }),
    );
  },
});
