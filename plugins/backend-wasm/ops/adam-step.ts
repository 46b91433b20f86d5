import type { AdamAttributes } from 'dna-nas/nn';
import { optimiserStep } from './optimiser-step.js';

export const adamStep = optimiserStep<AdamAttributes>('AdamStep', 2, (step) => {
  const { learningRate, weightDecay, beta1, beta2, epsilon, steps } = step.call.attributes;
  const count = steps[step.index]!;
  const rate = learningRate / (1 - beta1 ** count);
  const secondCorrection = 1 / (1 - beta2 ** count);
  step.call.memory.kernels.adamStep(
    ...step.offsets,
    ...[step.size, rate, secondCorrection, weightDecay[step.index] ?? 0],
    ...[beta1, 1 - beta1, beta2, 1 - beta2, epsilon],
  );
});
