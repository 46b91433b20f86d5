import type { Conv2dAttributes, KernelAttributes } from '../kernels/table.js';
import type { Tensor, Tensor4D } from '../tensor.js';
import * as tf from '../tensor.js';
import { type ConvolutionOptions, resolveConvolution } from './convolution.js';
import { dilatedShape, dilateFilter, undilateFilter } from './dilate-filter.js';
import { differentiable, hasKernel, runKernel, runTfjsKernel } from './kernel.js';
import { matMul } from './mat-mul.js';
import { shapeError } from './shapes.js';
import { tfjsPadding } from './tfjs-padding.js';

function tfjsAttributes(attributes: Conv2dAttributes): object {
  return {
    strides: attributes.strides,
    pad: tfjsPadding(attributes.padding),
    dataFormat: 'NHWC',
    dimRoundingMode: undefined,
  };
}

/** `conv2d` of plain tfjs ops, its options resolved. */
export function conv2dReference(x: Tensor, filter: Tensor, attributes: Conv2dAttributes): Tensor {
  const spread = dilateFilter(filter, attributes.dilations) as Tensor4D;
  const { strides, padding } = attributes;
  return tf.conv2d(x as Tensor4D, spread, [strides[0], strides[1]], tfjsPadding(padding));
}

function gradientOfInput(
  dy: Tensor,
  filter: Tensor,
  attributes: KernelAttributes<'Conv2dGradInput'>,
): Tensor {
  if (hasKernel('Conv2dGradInput')) return runKernel('Conv2dGradInput', { dy, filter }, attributes);
  const spread = dilateFilter(filter, attributes.dilations);
  const { inputShape } = attributes;
  return runTfjsKernel(
    'Conv2DBackpropInput',
    { dy, filter: spread },
    { ...tfjsAttributes(attributes), inputShape },
  );
}

function gradientOfFilter(x: Tensor, dy: Tensor, attributes: KernelAttributes<'Conv2dGradFilter'>): Tensor {
  if (hasKernel('Conv2dGradFilter')) return runKernel('Conv2dGradFilter', { x, dy }, attributes);
  const filterShape = dilatedShape(attributes.filterShape, attributes.dilations);
  const spread = runTfjsKernel(
    'Conv2DBackpropFilter',
    { x, dy },
    { ...tfjsAttributes(attributes), filterShape },
  );
  return undilateFilter(spread, attributes.dilations);
}

function isPointwise(filter: Tensor, { strides, padding }: Conv2dAttributes): boolean {
  return (
    [filter.shape[0], filter.shape[1], ...strides].every((extent) => extent === 1) && !padding.some(Boolean)
  );
}

/** A 1×1 convolution is a product of matrices, which backends do fastest. */
function pointwise(x: Tensor, filter: Tensor): Tensor {
  const [batch, height, width, inputs] = x.shape as [number, number, number, number];
  const outputs = filter.shape[3]!;
  const rows = tf.reshape(x, [batch * height * width, inputs]);
  const product = matMul(rows, tf.reshape(filter, [inputs, outputs]), { rows: 'pixels' });
  return tf.reshape(product, [batch, height, width, outputs]);
}

/**
 * Convolution: x [n, h, w, c], filter [kh, kw, c, o] → [n, oh, ow, o].
 * `convolutionOutput` tells the output's size.
 */
export function conv2d(x: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  if (x.rank !== 4 || filter.rank !== 4 || x.shape[3] !== filter.shape[2]) {
    throw shapeError('conv2d', 'x [n, h, w, c] and filter [kh, kw, c, o]', { x, filter });
  }
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const { attributes } = resolveConvolution(size, [filter.shape[0]!, filter.shape[1]!], options);
  if (isPointwise(filter, attributes)) return tf.tidy(() => pointwise(x, filter));
  const inputShape = x.shape;
  const filterShape = filter.shape;
  return differentiable({
    op: 'conv2d',
    inputs: { x, filter },
    forward: (save) => {
      save([x, filter]);
      if (hasKernel('Conv2d')) return runKernel('Conv2d', { x, filter }, attributes);
      return conv2dReference(x, filter, attributes);
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
