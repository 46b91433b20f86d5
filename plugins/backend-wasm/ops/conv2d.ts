import { wasmKernel } from '../wasm-op.js';
import { convolve, convolveGradFilter, convolveGradInput } from './conv2d-product.js';
import { convolutionSizes } from './convolution-sizes.js';

export const conv2d = wasmKernel('Conv2d', ({ inputs, attributes, memory }) => {
  const { x, filter } = inputs;
  const sizes = convolutionSizes(x.shape, filter.shape, { attributes, depthwise: false });
  return convolve(memory, inputs, sizes);
});

export const conv2dGradInput = wasmKernel('Conv2dGradInput', ({ inputs, attributes, memory }) => {
  const { inputShape } = attributes;
  const sizes = convolutionSizes(inputShape, inputs.filter.shape, { attributes, depthwise: false });
  return convolveGradInput(memory, inputs, sizes);
});

export const conv2dGradFilter = wasmKernel('Conv2dGradFilter', ({ inputs, attributes, memory }) => {
  const sizes = convolutionSizes(inputs.x.shape, attributes.filterShape, { attributes, depthwise: false });
  return convolveGradFilter(memory, inputs, sizes);
});
