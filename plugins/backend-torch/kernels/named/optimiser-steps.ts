import type { AdamAttributes, RmspropAttributes, SgdAttributes } from 'dna-nas/nn';
import type { Handle } from '../../binding.js';
import type { KernelCall, TorchKernel } from '../../torch-kernel.js';
import { namedListKernel } from './named-kernel.js';

/**
 * A step with so many slots a parameter. All inputs stand by their order: parameter, gradient, slots, next parameter.
 * Parameters and slots get their new values in place, unless something else shares one of them.
 */
function optimiserStep<Attributes>(
  name: 'AdamStep' | 'SgdStep' | 'RmspropStep',
  slots: number,
  run: (handles: Handle[], attributes: Attributes, call: KernelCall<Attributes>) => void,
): TorchKernel {
  return namedListKernel<Attributes>(name, (call) => {
    const { inputs, backend, attributes } = call;
    run(backend.handles(inputs), attributes, call);
    return backend.replaceUnshared(Object.values(inputs).filter((_, index) => index % (slots + 2) !== 1));
  });
}

const adamStep = optimiserStep<AdamAttributes>('AdamStep', 2, (handles, attributes, { ops }) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, steps } = attributes;
  ops.adamStep!(handles, weightDecay, learningRate, beta1, beta2, epsilon, steps);
});

const sgdStep = optimiserStep<SgdAttributes>('SgdStep', 1, (handles, attributes, { ops }) => {
  const { learningRate, weightDecay, momentum, nesterov } = attributes;
  ops.sgdStep!(handles, weightDecay, learningRate, momentum, nesterov);
});

const rmspropStep = optimiserStep<RmspropAttributes>('RmspropStep', 2, (handles, attributes, { ops }) => {
  const { learningRate, weightDecay, decay, momentum, epsilon } = attributes;
  ops.rmspropStep!(handles, weightDecay, learningRate, decay, momentum, epsilon);
});

export const OPTIMISER_STEPS = [adamStep, sgdStep, rmspropStep];
