import { activationCode } from 'dna-nas/nn/kernels';
import { sizeOf, wasmKernel } from '../wasm-op.js';

export const activate = wasmKernel('Activate', ({ inputs: { x }, attributes, memory }) => {
  const y = memory.output(x.shape);
  memory.kernels.activate({
    x: memory.offset(x),
    y: memory.offset(y),
    size: sizeOf(x.shape),
    kind: activationCode(attributes.activation),
  });
  return y;
});

export const activateGrad = wasmKernel('ActivateGrad', ({ inputs: { dy, x }, attributes, memory }) => {
  const dx = memory.output(x.shape);
  memory.kernels.activateGrad({
    dy: memory.offset(dy),
    x: memory.offset(x),
    dx: memory.offset(dx),
    size: sizeOf(x.shape),
    kind: activationCode(attributes.activation),
  });
  return dx;
});
