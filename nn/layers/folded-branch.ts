import type { Activation } from '../kernels.js';
import { mbConvFolded } from '../ops/index.js';
import type { Tensor } from '../tensor.js';
import type { Conv2d } from './conv2d.js';
import type { DepthwiseConv2d } from './depthwise-conv2d.js';
import { convolutionOptions } from './padding.js';
import type { SqueezeExcite } from './squeeze-excite.js';

/** The layers of a bottleneck whose norms were folded into its convolutions, which have biases. */
export interface FoldedBranch {
  readonly expand?: Conv2d;
  readonly depthwise: DepthwiseConv2d;
  readonly squeeze: SqueezeExcite | undefined;
  readonly project: Conv2d;
}

/** The branch in one op, and x added where it is a residual's. */
export function forwardFolded(
  x: Tensor,
  { expand, depthwise, squeeze, project }: FoldedBranch,
  { activation, residual }: { activation: Activation; residual: boolean },
): Tensor {
  const { strides, padding } = convolutionOptions(depthwise.options);
  const weights = {
    expand: expand && biased(expand),
    depthwise: biased(depthwise),
    squeeze: squeeze?.weights(),
    project: biased(project),
  };
  return mbConvFolded(x, weights, { stride: strides as number, padding: padding!, activation, residual });
}

function biased({ weight, bias }: Conv2d | DepthwiseConv2d) {
  return { filter: weight.value, bias: bias!.value };
}
