import { type Conv2dAttributes, KERNEL_PREFIX } from 'dna-nas/nn';
import { input, wasmOp } from '../wasm-op.js';
import { convolve, convolveGradFilter, convolveGradInput } from './conv2d-product.js';
import { convolutionSizes } from './convolution-sizes.js';

export const conv2d = wasmOp<Conv2dAttributes>(`${KERNEL_PREFIX}Conv2d`, (call) => {
  const x = input(call, 'x');
  const filter = input(call, 'filter');
  const options = { attributes: call.attributes, depthwise: false };
  return convolve(call.memory, { x, filter }, convolutionSizes(x.shape, filter.shape, options));
});

export const conv2dGradInput = wasmOp<Conv2dAttributes & { readonly inputShape: readonly number[] }>(
  `${KERNEL_PREFIX}Conv2dGradInput`,
  (call) => {
    const { attributes, memory } = call;
    const dy = input(call, 'dy');
    const filter = input(call, 'filter');
    const sizes = convolutionSizes(attributes.inputShape, filter.shape, { attributes, depthwise: false });
    return convolveGradInput(memory, { dy, filter }, sizes);
  },
);

export const conv2dGradFilter = wasmOp<Conv2dAttributes & { readonly filterShape: readonly number[] }>(
  `${KERNEL_PREFIX}Conv2dGradFilter`,
  (call) => {
    const { attributes, memory } = call;
    const x = input(call, 'x');
    const dy = input(call, 'dy');
    const sizes = convolutionSizes(x.shape, attributes.filterShape, { attributes, depthwise: false });
    return convolveGradFilter(memory, { x, dy }, sizes);
  },
);
