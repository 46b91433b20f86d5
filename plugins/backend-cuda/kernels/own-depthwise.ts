import { type Activation, type Conv2dAttributes, resolveConvolution } from 'dna-nas/nn';
import type { NativeAttribute, NativeTensor } from '../binding.js';
import { attribute, type Operand } from '../cuda-kernel.js';
import type { AnyCall } from './activation.js';
import type { Convolution } from './convolutions.js';
import { activationAttribute, hasOwnOps } from './own-ops.js';

/** Filters that our ops have loops for. */
const SIZES = [3, 5, 7];

/** Depthwise convolutions by ops of our own (`native/binding/depthwise*.cpp`), for filters that are square and usual. */
interface OwnDepthwise extends Omit<Convolution, 'forward'> {
  fits(call: AnyCall, filterShape: readonly number[], attributes: Conv2dAttributes): boolean;
  forward(
    call: AnyCall,
    x: NativeTensor,
    filter: NativeTensor,
    attributes: Conv2dAttributes,
    after?: { bias: Operand; activation: Activation },
  ): NativeTensor;
}

function window(sizes: readonly number[], { strides, padding }: Conv2dAttributes): NativeAttribute[] {
  return [
    attribute.int('sizes', sizes),
    attribute.int('strides', strides),
    attribute.int('padding', padding),
  ];
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
    const options = [...window(output, attributes), activationAttribute(after.activation)];
    return call.op('DnaDepthwiseConv2d', [x, filter, after.bias], options);
  },
  gradientOfInput(call, dy, filter, attributes) {
    const options = window(attributes.inputShape.slice(1, 3), attributes);
    return call.op('DnaDepthwiseConv2dGradInput', [dy, filter], options);
  },
  gradientOfFilter(call, x, dy, attributes) {
    const options = window(attributes.filterShape.slice(0, 2), attributes);
    return call.op('DnaDepthwiseConv2dGradFilter', [x, dy], options);
  },
};
