import { definePlugin } from 'dna-nas/core';
import { type AdamOptions, adam } from 'dna-nas/nn/optimisers';
import { WEIGHT_DECAY } from './options.js';

/** Adam, with step counts of each parameter’s own. */
export const optimiserAdam = definePlugin<AdamOptions>({
  name: 'optimiser-adam',
  module: 'dna-nas/plugins/optimisers',
  export: 'optimiserAdam',
  description: 'Adam, with step counts of each parameter’s own.',
  options: {
    properties: {
      beta1: {
        description: 'Decay of the gradient’s running mean.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      },
      beta2: {
        description: 'Decay of the squared gradient’s running mean.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.999,
      },
      epsilon: {
        description: 'Added to the root of the squared gradient’s mean.',
        type: 'number',
        minimum: 0,
        default: 1e-8,
      },
      weightDecay: WEIGHT_DECAY,
    },
  },
  apply(run, options) {
    run.hooks.resolveOptimiser.tap('optimiser-adam', () => () => adam(options));
  },
});
