import type { SgdAttributes } from 'dna-nas/nn';
import { optimiserStep } from './optimiser-step.js';

export const sgdStep = optimiserStep<SgdAttributes>('SgdStep', 1, (step) => {
  const { learningRate, weightDecay, momentum, nesterov } = step.call.attributes;
  const decay = weightDecay[step.index] ?? 0;
  const numbers = [step.size, learningRate, decay, momentum, nesterov ? 1 : 0];
  step.call.memory.kernels.sgdStep(...step.offsets, ...numbers);
});
