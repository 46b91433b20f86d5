import { definePlugin } from 'dna-nas/core';
import { repeatable } from 'dna-nas/nn';
import { relativeL1 } from 'dna-nas/nn/ops';

/** Mean absolute error divided by the standard deviation of the teacher’s features. */
export const lossRelativeL1 = definePlugin({
  name: 'loss-relative-l1',
  module: 'dna-nas/plugins/losses',
  export: 'lossRelativeL1',
  description: 'Mean absolute error divided by the standard deviation of the teacher’s features.',
  apply(run) {
    run.hooks.resolveLoss.tap('loss-relative-l1', () => ({
      name: 'loss-relative-l1',
      compute: repeatable(relativeL1),
    }));
  },
});
