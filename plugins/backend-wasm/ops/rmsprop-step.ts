import { wasmKernel } from '../wasm-op.js';
import { stepEach } from './optimiser-step.js';

export const rmspropStep = wasmKernel('RmspropStep', (call) => {
  const { learningRate, decay, momentum, epsilon } = call.attributes;
  return stepEach(call, 2, ({ offsets, size, weightDecay }) => {
    const [parameter, gradient, meanSquare, buffer, newParameter, newMeanSquare, newBuffer] = offsets;
    call.memory.kernels.rmspropStep({
      parameter,
      gradient,
      meanSquare,
      buffer,
      newParameter,
      newMeanSquare,
      newBuffer,
      size,
      rate: learningRate,
      weightDecay,
      decay,
      oneMinusDecay: 1 - decay,
      momentum,
      epsilon,
    });
  });
});
