import type { Activation, Conv2dAttributes } from 'dna-nas/nn/kernels';
import { resolveConvolution } from 'dna-nas/nn/ops';
import type { NativeTensor } from '../binding.js';
import type { KernelCall, Operand } from '../cuda-kernel.js';
import type { Convolution } from './convolutions.js';
import { hasOwnOps, ownOp } from './own-ops.js';

/** Filters that our ops have loops for. */
const SIZES = [3, 5, 7];

/** Depthwise convolutions by ops of our own (`native/depthwise-conv2d.h`), for filters that are square and usual. */
interface OwnDepthwise extends Omit<Convolution, 'forward'> {
  fits(call: KernelCall, filterShape: readonly number[], attributes: Conv2dAttributes): boolean;
  forward(
    call: KernelCall,
    x: NativeTensor,
    filter: NativeTensor,
    attributes: Conv2dAttributes,
    after?: { bias: Operand; activation: Activation },
  ): NativeTensor;
}

export const ownDepthwise: OwnDepthwise = {
  fits(call, [height, width], { strides: [down, across], dilations }) {
    const usual = height === width && SIZES.includes(height!) && down === across;
    return usual && dilations.every((extent) => extent === 1) && hasOwnOps(call);
  },
  forward(call, x, filter, attributes, after = { bias: call.vector(0, x.shape[3]!), activation: 'none' }) {
    const [, height, width] = x.shape as [number, number, number];
    const kernel = [filter.shape[0]!, filter.shape[1]!] as const;
    const { output } = resolveConvolution([height, width], kernel, attributes);
    return ownOp(call, 'DepthwiseConv2d', { x, filter, sizes: output, ...attributes, ...after });
  },
  gradientOfInput(call, dy, filter, attributes) {
    const sizes = attributes.inputShape.slice(1, 3);
    return ownOp(call, 'DepthwiseConv2dGradInput', { dy, filter, sizes, ...attributes });
  },
  gradientOfFilter(call, x, dy, attributes) {
    const sizes = attributes.filterShape.slice(0, 2);
    return ownOp(call, 'DepthwiseConv2dGradFilter', { x, dy, sizes, ...attributes });
  },
};
