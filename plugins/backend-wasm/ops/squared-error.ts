import { sizeOf, wasmKernel } from '../wasm-op.js';

export const squaredError = wasmKernel('SquaredError', ({ inputs: { y, target }, memory }) => {
  const loss = memory.output([]);
  memory.kernels.squaredError({
    y: memory.offset(y),
    target: memory.offset(target),
    loss: memory.offset(loss),
    size: sizeOf(y.shape),
  });
  return loss;
});

export const squaredErrorGrad = wasmKernel('SquaredErrorGrad', ({ inputs, memory }) => {
  const { dloss, y, target } = inputs;
  const dy = memory.output(y.shape);
  memory.kernels.squaredErrorGrad({
    dloss: memory.offset(dloss),
    y: memory.offset(y),
    target: memory.offset(target),
    dy: memory.offset(dy),
    size: sizeOf(y.shape),
  });
  return dy;
});
