import { definePlugin } from 'dna-nas/core';
import { type RmspropOptions, rmspropTensorFlow } from 'dna-nas/nn/optimisers';

/** RMSProp in TensorFlow’s form, with which EfficientNets are trained. */
export const optimiserRmsprop = definePlugin<RmspropOptions>({
  name: 'optimiser-rmsprop',
  module: 'dna-nas/plugins/optimiser-rmsprop',
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
      momentum: {
        description: 'Share of the previous direction that is kept.',
        type: 'number',
        minimum: 0,
        exclusiveMaximum: 1,
        default: 0.9,
      },
      epsilon: {
        description: 'Added to the squared gradient’s mean inside the root.',
        type: 'number',
        minimum: 0,
        default: 1e-3,
      },
      weightDecay: {
        description: 'Coupled weight decay: added to the gradient of parameters of two or more dimensions.',
        type: 'number',
        minimum: 0,
        default: 0,
      },
    },
  },
  apply(run, options) {
    run.hooks.resolveOptimiser.tap('optimiser-rmsprop', () => () => rmspropTensorFlow(options));
  },
});
