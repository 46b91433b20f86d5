import { definePlugin } from 'dna-nas/core';
import { OPTIONS, type ScaleBlocksOptions } from './options.js';
import { scaleOfBlocks } from './scale-of-blocks.js';

export type { ScaleBlocksOptions };

/** Ratings as they are, as logarithms or as ranks, weighed by block: what the search adds up. */
export const scaleBlocks = definePlugin<ScaleBlocksOptions>({
  name: 'scale-blocks',
  module: 'dna-nas/plugins/scale-blocks',
  export: 'scaleBlocks',
  description:
    'Ratings, their logarithms or ranks, with a weight a block, given or fitted to trained networks.',
  options: OPTIONS,
  apply(run, options) {
    run.hooks.resolveScale.tap('scale-blocks', ({ slot }) => scaleOfBlocks(run, options, slot));
  },
});
