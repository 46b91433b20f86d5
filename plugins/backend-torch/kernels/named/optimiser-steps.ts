import type { AdamAttributes, RmspropAttributes, SgdAttributes } from 'dna-nas/nn';
import type { NativeValue } from '../../binding.js';
import type { TorchKernel } from '../../torch-kernel.js';
import { inPlace } from './in-place.js';
import { namedListKernel } from './named-kernel.js';

/**
 * A step with so many slots a parameter. All inputs stand by their order: parameter, gradient, slots, next parameter.
 * Parameters and slots get their new values in place, unless something else shares one of them.
 */
function optimiserStep<Attributes>(
  name: 'AdamStep' | 'SgdStep' | 'RmspropStep',
  slots: number,
  words: (attributes: Attributes) => NativeValue[],
): TorchKernel {
  const op = `${name[0]!.toLowerCase()}${name.slice(1)}`;
  return namedListKernel<Attributes>(name, ({ inputs, backend, attributes, ops }) => {
    const targets = Object.values(inputs).filter((_, index) => index % (slots + 2) !== 1);
    return inPlace(backend, targets, (may) => ops[op]!(backend.handles(inputs), ...words(attributes), may));
  });
}

const adamStep = optimiserStep<AdamAttributes>('AdamStep', 2, (attributes) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, steps } = attributes;
  return [weightDecay, learningRate, beta1, beta2, epsilon, steps];
});

const sgdStep = optimiserStep<SgdAttributes>('SgdStep', 1, (attributes) => {
  const { learningRate, weightDecay, momentum, nesterov } = attributes;
  return [weightDecay, learningRate, momentum, nesterov];
});

const rmspropStep = optimiserStep<RmspropAttributes>('RmspropStep', 2, (attributes) => {
  const { learningRate, weightDecay, decay, momentum, epsilon } = attributes;
  return [weightDecay, learningRate, decay, momentum, epsilon];
});

export const OPTIMISER_STEPS = [adamStep, sgdStep, rmspropStep];
