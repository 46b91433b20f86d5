import { tf } from 'dna-nas/nn';
import { input, type OpCall, type WasmOp, wasmOp } from '../wasm-op.js';
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

export const conv2DBackpropFilter: WasmOp = wasmOp<StandardAttributes & { filterShape: number[] }>(
  tf.Conv2DBackpropFilter,
  (call) => {
    const { x, dy, sizes } = filterGradientCall(call, false);
    return convolveGradFilter(call.memory, { x, dy }, sizes);
  },
);

export const depthwiseConv2dNativeBackpropFilter: WasmOp = wasmOp<
  StandardAttributes & { filterShape: number[] }
>(tf.DepthwiseConv2dNativeBackpropFilter, (call) => {
  const { x, dy, sizes } = filterGradientCall(call, true);
  const run = sizes.outChannels === sizes.channels ? depthwiseGradFilter : multiplierGradFilter;
  return run(call.memory, { x, dy }, sizes);
});

export const depthwiseConv2dNativeBackpropInput: WasmOp = wasmOp<
  StandardAttributes & { inputShape: number[] }
>(tf.DepthwiseConv2dNativeBackpropInput, (call) => {
  const dy = input(call, 'dy');
  const filter = input(call, 'filter');
  const { inputShape } = call.attributes;
  const sizes = standardSizes(call.attributes, { inputShape, filterShape: filter.shape }, true);
  const run = sizes.outChannels === sizes.channels ? depthwiseGradInput : multiplierGradInput;
  return run(call.memory, { dy, filter }, sizes);
});

function filterGradientCall(
  call: OpCall<StandardAttributes & { filterShape: number[] }>,
  depthwise: boolean,
) {
  const x = input(call, 'x');
  const dy = input(call, 'dy');
  const { filterShape } = call.attributes;
  const sizes = standardSizes(call.attributes, { inputShape: x.shape, filterShape }, depthwise);
  return { x, dy, sizes };
}
