import { definePlugin } from 'dna-nas/core';
import { repeatable } from 'dna-nas/nn';
import { squaredError } from 'dna-nas/nn/ops';

/** Mean squared error over the feature map: the paper’s distillation loss. */
export const lossFeatureMse = definePlugin({
  name: 'loss-feature-mse',
  module: 'dna-nas/plugins/losses',
  export: 'lossFeatureMse',
  description: 'Mean squared error over the feature map: the paper’s distillation loss.',
  apply(run) {
    run.hooks.resolveLoss.tap('loss-feature-mse', () => ({
      name: 'loss-feature-mse',
      compute: repeatable(squaredError),
    }));
  },
});
