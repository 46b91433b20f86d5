import { definePlugin } from 'dna-nas/core';
import { type SgdOptions, sgd } from 'dna-nas/nn/optimisers';

/** Stochastic gradient descent with momentum. */
export const optimiserSgd = definePlugin<SgdOptions>({
  name: 'optimiser-sgd',
  module: 'dna-nas/plugins/optimiser-sgd',
  export: 'optimiserSgd',
  description: 'Stochastic gradient descent with momentum.',
  options: {
    properties: {
      momentum: {
        description: 'Share of the previous direction that is kept.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      },
      nesterov: { description: 'Look one momentum step ahead.', type: 'boolean', default: false },
      weightDecay: {
        description: 'Coupled weight decay: added to the gradient of parameters of two or more dimensions.',
        type: 'number',
        minimum: 0,
        default: 0,
      },
    },
  },
  apply(run, options) {
    run.hooks.resolveOptimiser.tap('optimiser-sgd', () => () => sgd(options));
  },
});
