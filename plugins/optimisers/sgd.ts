import { definePlugin } from 'dna-nas/core';
import { type SgdOptions, sgd } from 'dna-nas/nn/optimisers';
import { MOMENTUM, WEIGHT_DECAY } from './options.js';

/** Stochastic gradient descent with momentum. */
export const optimiserSgd = definePlugin<SgdOptions>({
  name: 'optimiser-sgd',
  module: 'dna-nas/plugins/optimisers',
  export: 'optimiserSgd',
  description: 'Stochastic gradient descent with momentum.',
  options: {
    properties: {
      momentum: MOMENTUM,
      nesterov: { description: 'Look one momentum step ahead.', type: 'boolean', default: false },
      weightDecay: WEIGHT_DECAY,
    },
  },
  apply(run, options) {
    run.hooks.resolveOptimiser.tap('optimiser-sgd', () => () => sgd(options));
  },
});
