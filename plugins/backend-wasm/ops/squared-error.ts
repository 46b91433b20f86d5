import { KERNEL_PREFIX } from 'dna-nas/nn';
import { input, sizeOf, wasmOp } from '../wasm-op.js';

export const squaredError = wasmOp(`${KERNEL_PREFIX}SquaredError`, (call) => {
  const { memory } = call;
  const y = input(call, 'y');
  const target = input(call, 'target');
  const loss = memory.output([]);
  memory.kernels.squaredError(memory.offset(y), memory.offset(target), memory.offset(loss), sizeOf(y.shape));
  return loss;
});

export const squaredErrorGrad = wasmOp(`${KERNEL_PREFIX}SquaredErrorGrad`, (call) => {
  const { memory } = call;
  const y = input(call, 'y');
  const dy = memory.output(y.shape);
  const at = (name: string) => memory.offset(input(call, name));
  memory.kernels.squaredErrorGrad(at('dloss'), at('y'), at('target'), memory.offset(dy), sizeOf(y.shape));
  return dy;
});
