import { definePlugin } from 'dna-nas/core';
import { repeatable } from 'dna-nas/nn';
import { absoluteError } from 'dna-nas/nn/ops';

/** Mean absolute error over the feature map. */
export const lossL1 = definePlugin({
  name: 'loss-l1',
  module: 'dna-nas/plugins/losses',
  export: 'lossL1',
  description: 'Mean absolute error over the feature map.',
  apply(run) {
    run.hooks.resolveLoss.tap('loss-l1', () => ({
      name: 'loss-l1',
      compute: repeatable(absoluteError),
    }));
  },
});
