import { activationCode } from 'dna-nas/nn/kernels';
import { rowsOf, wasmKernel } from '../wasm-op.js';

export const scaleShift = wasmKernel('ScaleShift', ({ inputs, attributes, memory }) => {
  const { x, scale, shift } = inputs;
  const { rows, channels } = rowsOf(x.shape);
  const y = memory.output(x.shape);
  memory.kernels.scaleShift({
    x: memory.offset(x),
    y: memory.offset(y),
    rows,
    channels,
    scale: memory.offset(scale),
    shift: memory.offset(shift),
    kind: activationCode(attributes.activation),
  });
  return y;
});
