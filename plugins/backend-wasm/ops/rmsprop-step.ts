import type { RmspropAttributes } from 'dna-nas/nn';
import { optimiserStep } from './optimiser-step.js';

export const rmspropStep = optimiserStep<RmspropAttributes>('RmspropStep', 2, (step) => {
  const { learningRate, weightDecay, decay, momentum, epsilon } = step.call.attributes;
  const numbers = [
    step.size,
    learningRate,
    weightDecay[step.index] ?? 0,
    decay,
    1 - decay,
    momentum,
    epsilon,
  ];
  step.call.memory.kernels.rmspropStep(...step.offsets, ...numbers);
});
