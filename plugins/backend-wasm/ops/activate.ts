import { type Activation, KERNEL_PREFIX } from 'dna-nas/nn';
import { input, sizeOf, wasmOp } from '../wasm-op.js';
import { activationCode } from './activation-code.js';

interface Attributes {
  readonly activation: Activation;
}

export const activate = wasmOp<Attributes>(`${KERNEL_PREFIX}Activate`, (call) => {
  const { memory, attributes } = call;
  const x = input(call, 'x');
  const y = memory.output(x.shape);
  memory.kernels.activate(
    memory.offset(x),
    memory.offset(y),
    sizeOf(x.shape),
    activationCode(attributes.activation),
  );
  return y;
});

export const activateGrad = wasmOp<Attributes>(`${KERNEL_PREFIX}ActivateGrad`, (call) => {
  const { memory, attributes } = call;
  const dy = input(call, 'dy');
  const x = input(call, 'x');
  const dx = memory.output(x.shape);
  memory.kernels.activateGrad(
    memory.offset(dy),
    memory.offset(x),
    memory.offset(dx),
    sizeOf(x.shape),
    activationCode(attributes.activation),
  );
  return dx;
});
