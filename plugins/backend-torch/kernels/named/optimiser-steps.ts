import type { AdamAttributes, RmspropAttributes, SgdAttributes } from 'dna-nas/nn';
import type { Handle } from '../../binding.js';
import type { KernelCall } from '../../torch-kernel.js';
import { namedListKernel } from './named-kernel.js';

/** All inputs by their order: parameter, gradient, slots, next parameter. */
function tensors<Attributes>({ inputs, backend }: KernelCall<Attributes>): Handle[] {
  return Object.values(inputs).map((input) => backend.handle(input));
}

const adamStep = namedListKernel<AdamAttributes>('AdamStep', (call) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, steps } = call.attributes;
  return call.ops.adamStep!(tensors(call), weightDecay, learningRate, beta1, beta2, epsilon, steps);
});

const sgdStep = namedListKernel<SgdAttributes>('SgdStep', (call) => {
  const { learningRate, weightDecay, momentum, nesterov } = call.attributes;
  return call.ops.sgdStep!(tensors(call), weightDecay, learningRate, momentum, nesterov);
});

const rmspropStep = namedListKernel<RmspropAttributes>('RmspropStep', (call) => {
  const { learningRate, weightDecay, decay, momentum, epsilon } = call.attributes;
  return call.ops.rmspropStep!(tensors(call), weightDecay, learningRate, decay, momentum, epsilon);
});

export const OPTIMISER_STEPS = [adamStep, sgdStep, rmspropStep];
