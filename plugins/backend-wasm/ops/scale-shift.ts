import { type Activation, KERNEL_PREFIX } from 'dna-nas/nn';
import { input, rowsOf, wasmOp } from '../wasm-op.js';
import { activationCode } from './activation-code.js';

export const scaleShift = wasmOp<{ readonly activation: Activation }>(
  `${KERNEL_PREFIX}ScaleShift`,
  (call) => {
    const { memory, attributes } = call;
    const x = input(call, 'x');
    const { rows, channels } = rowsOf(x.shape);
    const y = memory.output(x.shape);
    const at = (name: string) => memory.offset(input(call, name));
    const kind = activationCode(attributes.activation);
    memory.kernels.scaleShift(at('x'), memory.offset(y), rows, channels, at('scale'), at('shift'), kind);
    return y;
  },
);
