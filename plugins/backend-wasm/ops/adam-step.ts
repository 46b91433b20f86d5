import { wasmKernel } from '../wasm-op.js';
import { stepEach } from './optimiser-step.js';

export const adamStep = wasmKernel('AdamStep', (call) => {
  const { learningRate, beta1, beta2, epsilon, steps } = call.attributes;
  return stepEach(call, 2, ({ index, offsets, size, weightDecay }) => {
    const [parameter, gradient, first, second, newParameter, newFirst, newSecond] = offsets;
    call.memory.kernels.adamStep({
      parameter,
      gradient,
      first,
      second,
      newParameter,
      newFirst,
      newSecond,
      size,
      rate: learningRate / (1 - beta1 ** steps[index]!),
      secondCorrection: 1 / (1 - beta2 ** steps[index]!),
      decay: weightDecay,
      beta1,
      oneMinusBeta1: 1 - beta1,
      beta2,
      oneMinusBeta2: 1 - beta2,
      epsilon,
    });
  });
});
