import { tf } from 'dna-nas/nn';
import type { Window } from '../native-ops.js';
import { type KernelCall, type TorchKernel, torchKernel } from '../torch-kernel.js';
import { type Fused, fusedInputs } from './fused.js';
import {
  type Padding,
  type Pair,
  type PerAxis,
  type Rounding,
  type Shape4,
  window2D,
} from './spatial-window.js';

interface Attributes {
  readonly strides: PerAxis<Pair>;
  readonly pad: Padding;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dilations?: PerAxis<Pair> | null;
  readonly dimRoundingMode?: Rounding;
}

interface Shapes {
  readonly x: readonly number[];
  readonly filter: readonly number[];
}

/** The window of a convolution, by tfjs's rules of padding. */
function windowOf(attributes: Attributes, { x, filter }: Shapes, depthwise: boolean): Window {
  const { strides, pad, dilations, dimRoundingMode } = attributes;
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
    tf.backend_util.convertConv2DDataFormat(attributes.dataFormat ?? 'NHWC'),
  );
  return window2D(info);
}

const isChannelsFirst = ({ dataFormat }: Attributes) => dataFormat === 'NCHW';

function forward(name: string, depthwise: boolean): TorchKernel {
  return torchKernel<Attributes & Fused>(name, (call) => {
    const { inputs, attributes, tensor, ops } = call;
    const shapes = { x: inputs.x!.shape, filter: inputs.filter!.shape };
    const { bias, slopes, activation, slope } = fusedInputs(call);
    ops.convolve(
      tensor('x'),
      tensor('filter'),
      bias,
      slopes,
      windowOf(attributes, shapes, depthwise),
      depthwise,
      isChannelsFirst(attributes),
      activation,
      slope,
    );
  });
}

function inputGradient(name: string, depthwise: boolean): TorchKernel {
  type Call = KernelCall<Attributes & { readonly inputShape: Shape4 }>;
  return torchKernel(name, ({ inputs, attributes, tensor, ops }: Call) => {
    const shapes = { x: attributes.inputShape, filter: inputs.filter!.shape };
    const window = windowOf(attributes, shapes, depthwise);
    const first = isChannelsFirst(attributes);
    ops.convolveInputGradient(tensor('dy'), tensor('filter'), shapes.x, window, depthwise, first);
  });
}

function filterGradient(name: string, depthwise: boolean): TorchKernel {
  type Call = KernelCall<Attributes & { readonly filterShape: Shape4 }>;
  return torchKernel(name, ({ inputs, attributes, tensor, ops }: Call) => {
    const shapes = { x: inputs.x!.shape, filter: attributes.filterShape };
    const window = windowOf(attributes, shapes, depthwise);
    const first = isChannelsFirst(attributes);
    ops.convolveFilterGradient(tensor('x'), tensor('dy'), shapes.filter, window, depthwise, first);
  });
}

export const CONVOLUTION_KERNELS: readonly TorchKernel[] = [
  forward('Conv2D', false),
  inputGradient('Conv2DBackpropInput', false),
  filterGradient('Conv2DBackpropFilter', false),
  forward('FusedConv2D', false),
  forward('DepthwiseConv2dNative', true),
  inputGradient('DepthwiseConv2dNativeBackpropInput', true),
  filterGradient('DepthwiseConv2dNativeBackpropFilter', true),
  forward('FusedDepthwiseConv2D', true),
];
