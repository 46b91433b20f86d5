import { tf } from 'dna-nas/nn';
import type { KernelAttributes } from 'dna-nas/nn/kernels';
import type { Constant, Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { activated } from './activations.js';
import { constantInput, type KernelCall, type Mappings, tracedInput } from './mapping.js';
import { type PlainWindow, resolvedWindow } from './windows.js';

/** HWIO and [kh, kw, c, m] as ONNX has them: OIHW, of a depthwise filter [c·m, 1, kh, kw]. */
const TO_OIHW = [3, 2, 0, 1];
const TO_DEPTHWISE = [2, 3, 0, 1];

type Window = KernelAttributes<'Conv2d'>;

interface Convolution {
  readonly x: Traced;
  readonly filter: Constant;
  /** [o] */
  readonly bias?: Constant;
  readonly depthwise: boolean;
}

function convolved(
  recording: Recording,
  { x, filter, bias, depthwise }: Convolution,
  window: Window,
): Traced {
  const { strides, padding, dilations } = window;
  const [top, bottom, left, right] = padding;
  const [height, width, inputs, outputs] = filter.shape as [number, number, number, number];
  const channels = depthwise ? inputs * outputs : outputs;
  const form = depthwise ? { perm: TO_DEPTHWISE, shape: [channels, 1, height, width] } : { perm: TO_OIHW };
  const value = recording.value(x);
  const tensors = [recording.constant(filter, form), ...(bias ? [recording.constant(bias)] : [])];
  return recording.add('Conv', [value, ...tensors], {
    shape: [x.shape[0]!, ...outputSize(x, filter, window), channels],
    attributes: {
      kernel_shape: { ints: [height, width] },
      strides: { ints: strides },
      pads: { ints: [top, left, bottom, right] },
      dilations: { ints: dilations },
      group: { int: depthwise ? inputs : 1 },
    },
  });
}

function outputSize(x: Traced, filter: Constant, { strides, padding, dilations }: Window): number[] {
  const [top, bottom, left, right] = padding;
  return [top + bottom, left + right].map((pixels, axis) => {
    const covered = (filter.shape[axis]! - 1) * dilations[axis]! + 1;
    return Math.floor((x.shape[axis + 1]! + pixels - covered) / strides[axis]!) + 1;
  });
}

function ours(depthwise: boolean): (call: KernelCall) => Traced {
  return (call) => {
    const { activation = 'none', ...window } = call.attributes as KernelAttributes<'Conv2dBias'>;
    const parts = {
      x: tracedInput(call, 'x'),
      filter: constantInput(call, 'filter'),
      ...(call.inputs.bias && { bias: constantInput(call, 'bias') }),
      depthwise,
    };
    return activated(call.recording, convolved(call.recording, parts, window), activation);
  };
}

function plain(depthwise: boolean): (call: KernelCall) => Traced {
  return (call) => {
    const { recording, attributes } = call;
    const [x, filter] = [tracedInput(call, 'x'), constantInput(call, 'filter')];
    const { strides, dilations, pad, dimRoundingMode } = attributes as PlainWindow;
    const info = tf.backend_util.computeConv2DInfo(
      ...[x.shape as [number, number, number, number], filter.shape as [number, number, number, number]],
      ...[strides, dilations ?? 1, pad, dimRoundingMode, depthwise],
    );
    return convolved(recording, { x, filter, depthwise }, resolvedWindow(call, info));
  };
}

/**
 * The 1×1 convolution that a product of rows of pixels with a matrix [c, o] is; its result is rows of pixels again.
 */
export function pointwise(recording: Recording, rows: Traced, matrix: Constant): Traced {
  const [inputs, outputs] = matrix.shape as [number, number];
  const filter = { ...matrix, shape: [1, 1, inputs, outputs] };
  const window: Window = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] };
  const map = convolved(recording, { x: rows.pixelsOf!, filter, depthwise: false }, window);
  return { ...map, shape: [rows.shape[0]!, outputs], pixelsOf: map };
}

/** Convolutions, with the padding that they had resolved. */
export const convolutions: Mappings = {
  DnaConv2d: ours(false),
  DnaConv2dBias: ours(false),
  DnaDepthwiseConv2d: ours(true),
  DnaDepthwiseConv2dBias: ours(true),
  Conv2D: plain(false),
  DepthwiseConv2dNative: plain(true),
};
