import { KERNEL_PREFIX } from 'dna-nas/nn';
import { input, wasmOp } from '../wasm-op.js';
import type { FourExtents } from './convolution-sizes.js';

export const globalMean = wasmOp(`${KERNEL_PREFIX}GlobalMean`, (call) => {
  const { memory } = call;
  const x = input(call, 'x');
  const [batch, height, width, channels] = x.shape as unknown as FourExtents;
  const y = memory.output([batch, channels]);
  memory.kernels.globalMean(memory.offset(x), memory.offset(y), batch, height * width, channels);
  return y;
});

export const globalMeanGrad = wasmOp<{ readonly inputShape: readonly number[] }>(
  `${KERNEL_PREFIX}GlobalMeanGrad`,
  (call) => {
    const { memory, attributes } = call;
    const dy = input(call, 'dy');
    const [batch, height, width, channels] = attributes.inputShape as FourExtents;
    const dx = memory.output(attributes.inputShape);
    memory.kernels.globalMeanGrad(memory.offset(dy), memory.offset(dx), batch, height * width, channels);
    return dx;
  },
);
