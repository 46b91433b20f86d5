import { wasmKernel } from '../wasm-op.js';
import { stepEach } from './optimiser-step.js';

export const sgdStep = wasmKernel('SgdStep', (call) => {
  const { learningRate, momentum, nesterov } = call.attributes;
  return stepEach(call, 1, ({ offsets, size, weightDecay }) => {
    const [parameter, gradient, buffer, newParameter, newBuffer] = offsets;
    call.memory.kernels.sgdStep({
      parameter,
      gradient,
      buffer,
      newParameter,
      newBuffer,
      size,
      rate: learningRate,
      decay: weightDecay,
      momentum,
      nesterov: Number(nesterov),
    });
  });
});
