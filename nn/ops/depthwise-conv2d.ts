import type { Conv2dAttributes, KernelAttributes } from '../kernels/table.js';
import type { Tensor, Tensor4D } from '../tensor.js';
import * as tf from '../tensor.js';
import { type ConvolutionOptions, resolveConvolution } from './convolution.js';
import { dilatedShape, dilateFilter, undilateFilter } from './dilate-filter.js';
import { differentiable, hasKernel, runKernel, runTfjsKernel } from './kernel.js';
import { shapeError } from './shapes.js';
import { tfjsPadding } from './tfjs-padding.js';

function tfjsAttributes(attributes: Conv2dAttributes): object {
  return { strides: attributes.strides, pad: tfjsPadding(attributes.padding), dilations: [1, 1] };
}

/** `depthwiseConv2d` of plain tfjs ops, its options resolved. */
export function depthwiseConv2dReference(x: Tensor, filter: Tensor, attributes: Conv2dAttributes): Tensor {
  const spread = dilateFilter(filter, attributes.dilations) as Tensor4D;
  const { strides, padding } = attributes;
  return tf.depthwiseConv2d(x as Tensor4D, spread, [strides[0], strides[1]], tfjsPadding(padding));
}

function gradientOfInput(
  dy: Tensor,
  filter: Tensor,
  attributes: KernelAttributes<'DepthwiseConv2dGradInput'>,
): Tensor {
  if (hasKernel('DepthwiseConv2dGradInput')) {
    return runKernel('DepthwiseConv2dGradInput', { dy, filter }, attributes);
  }
  const { inputShape } = attributes;
  const inputs = { dy, filter: dilateFilter(filter, attributes.dilations) };
  const plain = { ...tfjsAttributes(attributes), inputShape };
  return runTfjsKernel('DepthwiseConv2dNativeBackpropInput', inputs, plain);
}

function gradientOfFilter(
  x: Tensor,
  dy: Tensor,
  attributes: KernelAttributes<'DepthwiseConv2dGradFilter'>,
): Tensor {
  if (hasKernel('DepthwiseConv2dGradFilter')) {
    return runKernel('DepthwiseConv2dGradFilter', { x, dy }, attributes);
  }
  const filterShape = dilatedShape(attributes.filterShape, attributes.dilations);
  const plain = { ...tfjsAttributes(attributes), filterShape };
  return undilateFilter(
    runTfjsKernel('DepthwiseConv2dNativeBackpropFilter', { x, dy }, plain),
    attributes.dilations,
  );
}

/**
 * Convolution of each channel on its own: x [n, h, w, c], filter [kh, kw, c, 1] → [n, oh, ow, c].
 * `convolutionOutput` tells the output's size.
 */
export function depthwiseConv2d(x: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  if (x.rank !== 4 || filter.rank !== 4 || x.shape[3] !== filter.shape[2] || filter.shape[3] !== 1) {
    throw shapeError('depthwiseConv2d', 'x [n, h, w, c] and filter [kh, kw, c, 1]', { x, filter });
  }
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const { attributes } = resolveConvolution(size, [filter.shape[0]!, filter.shape[1]!], options);
  const inputShape = x.shape;
  const filterShape = filter.shape;
  return differentiable({
    op: 'depthwiseConv2d',
    inputs: { x, filter },
    forward: (save) => {
      save([x, filter]);
      if (hasKernel('DepthwiseConv2d')) return runKernel('DepthwiseConv2d', { x, filter }, attributes);
      return depthwiseConv2dReference(x, filter, attributes);
    },
    backward: (dy, saved) => {
      const [input, weights] = saved as [Tensor, Tensor];
      return {
        x: () => gradientOfInput(dy, weights, { ...attributes, inputShape }),
        filter: () => gradientOfFilter(input, dy, { ...attributes, filterShape }),
      };
    },
  });
}
