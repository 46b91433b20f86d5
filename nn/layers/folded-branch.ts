import type { Activation } from '../kernels/attributes.js';
import type { ForwardContext } from '../module.js';
import { foldBatchNorm } from '../ops/batch-norm.js';
import { mbConvFolded } from '../ops/mb-conv-folded.js';
import { hasMbConvKernel } from '../ops/mb-conv-parts.js';
import { mul, reshape, type Tensor, tidy } from '../tensor.js';
import { BatchNorm } from './batch-norm.js';
import type { Conv2d } from './conv2d.js';
import { DepthwiseConv2d } from './depthwise-conv2d.js';
import type { Identity } from './identity.js';
import { convolutionOptions } from './padding.js';
import type { SqueezeExcite } from './squeeze-excite.js';

/** A convolution and its norm, or nothing of one, if it was folded into the convolution, which then has a bias. */
export interface NormedConvolution<Convolution = Conv2d> {
  readonly convolution: Convolution;
  readonly norm: BatchNorm | Identity;
}

/** The layers of a bottleneck. */
export interface Branch {
  readonly expand?: NormedConvolution;
  readonly depthwise: NormedConvolution<DepthwiseConv2d>;
  readonly squeeze: SqueezeExcite | undefined;
  readonly project: NormedConvolution;
}

/**
 * Whether a branch can run with its norms folded into the convolutions: if they are already, or by their running
 * statistics where one kernel does the rest.
 */
export function runsFolded({ depthwise: { convolution, norm } }: Branch, { mode }: ForwardContext): boolean {
  if (mode !== 'evaluate') return false;
  return !(norm instanceof BatchNorm) || hasMbConvKernel('MbConvFolded', convolution.weight.value);
}

/** The branch in one op, and x added where it is a residual's. */
export function forwardFolded(
  x: Tensor,
  { expand, depthwise, squeeze, project }: Branch,
  { activation, residual }: { activation: Activation; residual: boolean },
): Tensor {
  const { strides, padding } = convolutionOptions(depthwise.convolution.options);
  return tidy(() => {
    const weights = {
      expand: expand && biased(expand),
      depthwise: biased(depthwise),
      squeeze: squeeze?.weights(),
      project: biased(project),
    };
    return mbConvFolded(x, weights, { stride: strides as number, padding: padding!, activation, residual });
  });
}

function biased({ convolution, norm }: NormedConvolution<Conv2d | DepthwiseConv2d>) {
  const { weight, bias } = convolution;
  if (!(norm instanceof BatchNorm)) return { filter: weight.value, bias: bias!.value };
  const { scale, shift } = foldBatchNorm(norm.fixed(), norm.epsilon);
  // A depthwise filter is [k, k, c, 1], another [1, 1, i, o].
  const factors = convolution instanceof DepthwiseConv2d ? reshape(scale, [-1, 1]) : scale;
  return { filter: mul(weight.value, factors), bias: shift };
}
