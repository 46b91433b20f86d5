import { definePlugin } from 'dna-nas/core';
import { type RmspropOptions, rmspropTensorFlow } from 'dna-nas/nn/optimisers';
import { MOMENTUM, WEIGHT_DECAY } from './options.js';

/** RMSProp in TensorFlow’s form, with which EfficientNets are trained. */
export const optimiserRmsprop = definePlugin<RmspropOptions>({
  name: 'optimiser-rmsprop',
  module: 'dna-nas/plugins/optimisers',
  export: 'optimiserRmsprop',
  description: 'RMSProp in TensorFlow’s form, with which EfficientNets are trained.',
  options: {
    properties: {
      decay: {
        description: 'Decay of the squared gradient’s running mean.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      },
      momentum: MOMENTUM,
      epsilon: {
        description: 'Added to the squared gradient’s mean inside the root.',
        type: 'number',
        minimum: 0,
        default: 1e-3,
      },
      weightDecay: WEIGHT_DECAY,
    },
  },
  apply(run, options) {
    run.hooks.resolveOptimiser.tap('optimiser-rmsprop', () => () => rmspropTensorFlow(options));
  },
});
