import type { Activation } from '../kernels/attributes.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { compositionGradients } from './composition-gradients.js';
import { conv2d } from './conv2d.js';
import { type ConvolutionOptions, resolveConvolution } from './convolution.js';
import { depthwiseConv2d } from './depthwise-conv2d.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { scaleShift } from './scale-shift.js';
import { requireChannelVectors } from './shapes.js';

export interface ConvolutionBiasOptions extends ConvolutionOptions {
  /** Applied after the bias. @default 'none' */
  readonly activation?: Activation;
}

type Convolution = (x: Tensor, filter: Tensor, options: ConvolutionOptions) => Tensor;

const CONVOLUTIONS = {
  Conv2dBias: conv2d,
  DepthwiseConv2dBias: depthwiseConv2d,
} as const satisfies Record<string, Convolution>;

/** A convolution with bias and activation, of the ops that there are for each. */
function composed(
  convolution: Convolution,
  { x, filter, bias }: Record<'x' | 'filter' | 'bias', Tensor>,
  { activation = 'none', ...options }: ConvolutionBiasOptions,
): Tensor {
  return tf.tidy(() => {
    const y = convolution(x, filter, options);
    requireChannelVectors('convolution with bias', y, { bias });
    return activation === 'none' ? tf.add(y, bias) : scaleShift(y, tf.ones(bias.shape), bias, activation);
  });
}

/**
 * One kernel where the backend has it: what frozen networks are made of. Its gradient goes back through the
 * composition, which computes the convolution once more.
 */
function fused(
  kernel: keyof typeof CONVOLUTIONS,
  inputs: Record<'x' | 'filter' | 'bias', Tensor>,
  options: ConvolutionBiasOptions,
): Tensor {
  const convolution = CONVOLUTIONS[kernel];
  if (!hasKernel(kernel)) return composed(convolution, inputs, options);
  const { x, filter, bias } = inputs;
  const { activation = 'none' } = options;
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const { attributes } = resolveConvolution(size, [filter.shape[0]!, filter.shape[1]!], options);
  return differentiable({
    op: 'convolution with bias',
    inputs,
    forward: (save) => {
      save([x, filter, bias]);
      return runKernel(kernel, inputs, { ...attributes, activation });
    },
    backward: (dy, saved) => {
      const again = (...[input, weights, shift]: Tensor[]) =>
        composed(convolution, { x: input!, filter: weights!, bias: shift! }, options);
      const [dx, dfilter, dbias] = compositionGradients(again, saved, dy) as [Tensor, Tensor, Tensor];
      return { x: () => dx, filter: () => dfilter, bias: () => dbias };
    },
  });
}

/** activation(conv2d(x, filter) + bias): x [n, h, w, c], filter [kh, kw, c, o], bias [o] → [n, oh, ow, o]. */
export function conv2dBias(
  x: Tensor,
  filter: Tensor,
  bias: Tensor,
  options: ConvolutionBiasOptions = {},
): Tensor {
  return fused('Conv2dBias', { x, filter, bias }, options);
}

/** The same of `depthwiseConv2d`: filter [kh, kw, c, 1], bias [c] → [n, oh, ow, c]. */
export function depthwiseConv2dBias(
  x: Tensor,
  filter: Tensor,
  bias: Tensor,
  options: ConvolutionBiasOptions = {},
): Tensor {
  return fused('DepthwiseConv2dBias', { x, filter, bias }, options);
}
