import { wasmKernel } from '../wasm-op.js';
import { convolutionSizes } from './convolution-sizes.js';
import { depthwiseConvolve, depthwiseGradFilter, depthwiseGradInput } from './depthwise-product.js';

export const depthwiseConv2d = wasmKernel('DepthwiseConv2d', ({ inputs, attributes, memory }) => {
  const { x, filter } = inputs;
  const sizes = convolutionSizes(x.shape, filter.shape, { attributes, depthwise: true });
  return depthwiseConvolve(memory, inputs, sizes);
});

export const depthwiseConv2dGradInput = wasmKernel('DepthwiseConv2dGradInput', (call) => {
  const { inputs, attributes, memory } = call;
  const { inputShape } = attributes;
  const sizes = convolutionSizes(inputShape, inputs.filter.shape, { attributes, depthwise: true });
  return depthwiseGradInput(memory, inputs, sizes);
});

export const depthwiseConv2dGradFilter = wasmKernel('DepthwiseConv2dGradFilter', (call) => {
  const { inputs, attributes, memory } = call;
  const sizes = convolutionSizes(inputs.x.shape, attributes.filterShape, { attributes, depthwise: true });
  return depthwiseGradFilter(memory, inputs, sizes);
});
