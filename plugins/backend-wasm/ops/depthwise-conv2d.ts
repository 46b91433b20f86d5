import { type Conv2dAttributes, KERNEL_PREFIX } from 'dna-nas/nn';
import { input, wasmOp } from '../wasm-op.js';
import { convolutionSizes } from './convolution-sizes.js';
import { depthwiseConvolve, depthwiseGradFilter, depthwiseGradInput } from './depthwise-product.js';

export const depthwiseConv2d = wasmOp<Conv2dAttributes>(`${KERNEL_PREFIX}DepthwiseConv2d`, (call) => {
  const x = input(call, 'x');
  const filter = input(call, 'filter');
  const options = { attributes: call.attributes, depthwise: true };
  return depthwiseConvolve(call.memory, { x, filter }, convolutionSizes(x.shape, filter.shape, options));
});

export const depthwiseConv2dGradInput = wasmOp<Conv2dAttributes & { readonly inputShape: readonly number[] }>(
  `${KERNEL_PREFIX}DepthwiseConv2dGradInput`,
  (call) => {
    const { attributes, memory } = call;
    const dy = input(call, 'dy');
    const filter = input(call, 'filter');
    const sizes = convolutionSizes(attributes.inputShape, filter.shape, { attributes, depthwise: true });
    return depthwiseGradInput(memory, { dy, filter }, sizes);
  },
);

export const depthwiseConv2dGradFilter = wasmOp<
  Conv2dAttributes & { readonly filterShape: readonly number[] }
>(`${KERNEL_PREFIX}DepthwiseConv2dGradFilter`, (call) => {
  const { attributes, memory } = call;
  const x = input(call, 'x');
  const dy = input(call, 'dy');
  const sizes = convolutionSizes(x.shape, attributes.filterShape, { attributes, depthwise: true });
  return depthwiseGradFilter(memory, { x, dy }, sizes);
});
