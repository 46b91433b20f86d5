import { tf } from 'dna-nas/nn';
import { type OpCall, tfjsKernel, type WasmOp } from '../wasm-op.js';
import { convolveGradFilter } from './conv2d-product.js';
import { type ConvolutionSizes, convolutionSizes, type FourExtents } from './convolution-sizes.js';
import { multiplierGradFilter, multiplierGradInput } from './depthwise-multiplier.js';
import { depthwiseGradFilter, depthwiseGradInput } from './depthwise-product.js';

/** tfjs's own attributes of its convolution gradients. */
interface StandardAttributes {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number;
  readonly dilations?: number | [number, number];
  readonly dataFormat?: string;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Shapes = { readonly inputShape: readonly number[]; readonly filterShape: readonly number[] };

/** tfjs's attributes as explicit sizes; NHWC only. */
function standardSizes(attributes: StandardAttributes, shapes: Shapes, depthwise: boolean): ConvolutionSizes {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes;
  if (dataFormat !== undefined && dataFormat !== 'NHWC') {
    throw new Error(`The wasm backend's convolution gradients want dataFormat NHWC, not ${dataFormat}.`);
  }
  const filterShape = shapes.filterShape as FourExtents;
  const info = tf.backend_util.computeConv2DInfo(
    shapes.inputShape as [number, number, number, number],
    filterShape as unknown as [number, number, number, number],
    strides,
    attributes.dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
  const { top, bottom, left, right } = info.padInfo;
  const sizes = convolutionSizes(shapes.inputShape, filterShape, {
    attributes: {
      strides: [info.strideHeight, info.strideWidth],
      padding: [top, bottom, left, right],
      dilations: [info.dilationHeight, info.dilationWidth],
    },
    depthwise,
  });
  requireSameOutput(sizes, info);
  return sizes;
}

/** tfjs counts wrongly where the strides differ and the padding is a number; its forward kernels then write astray. */
function requireSameOutput(sizes: ConvolutionSizes, info: { outHeight: number; outWidth: number }): void {
  if (sizes.outHeight === info.outHeight && sizes.outWidth === info.outWidth) return;
  throw new Error(
    `tfjs says that this convolution's output has ${info.outHeight} × ${info.outWidth} pixels; it has ` +
      `${sizes.outHeight} × ${sizes.outWidth}. Use padding 'same' or 'valid', or equal strides and no dimRoundingMode.`,
  );
}

type FilterGradientCall = OpCall<
  Readonly<Record<'x' | 'dy', tf.TensorInfo>>,
  StandardAttributes & { readonly filterShape: readonly number[] }
>;

function filterGradientSizes({ inputs, attributes }: FilterGradientCall, depthwise: boolean) {
  const { filterShape } = attributes;
  return standardSizes(attributes, { inputShape: inputs.x.shape, filterShape }, depthwise);
}

export const conv2DBackpropFilter: WasmOp = tfjsKernel(tf.Conv2DBackpropFilter, (call: FilterGradientCall) =>
  convolveGradFilter(call.memory, call.inputs, filterGradientSizes(call, false)),
);

export const depthwiseConv2dNativeBackpropFilter: WasmOp = tfjsKernel(
  tf.DepthwiseConv2dNativeBackpropFilter,
  (call: FilterGradientCall) => {
    const sizes = filterGradientSizes(call, true);
    const run = sizes.outChannels === sizes.channels ? depthwiseGradFilter : multiplierGradFilter;
    return run(call.memory, call.inputs, sizes);
  },
);

export const depthwiseConv2dNativeBackpropInput: WasmOp = tfjsKernel<
  'dy' | 'filter',
  StandardAttributes & { readonly inputShape: readonly number[] }
>(tf.DepthwiseConv2dNativeBackpropInput, ({ inputs, attributes, memory }) => {
  const shapes = { inputShape: attributes.inputShape, filterShape: inputs.filter.shape };
  const sizes = standardSizes(attributes, shapes, true);
  const run = sizes.outChannels === sizes.channels ? depthwiseGradInput : multiplierGradInput;
  return run(memory, inputs, sizes);
});
