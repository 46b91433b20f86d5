import { tf } from 'dna-nas/nn';
import { type KernelCall, type TorchKernel, torchKernel } from '../torch-kernel.js';
import {
  type Pair,
  type PerAxis,
  type Shape4,
  type Triple,
  type Window,
  window2D,
} from './spatial-window.js';

interface Attributes {
  readonly strides: PerAxis<Pair>;
  readonly pad: 'valid' | 'same' | number;
  readonly dilations: PerAxis<Pair>;
}

function windowOf({ inputs, attributes }: KernelCall<Attributes>): Window {
  const { strides, pad, dilations } = attributes;
  const x = inputs.x!.shape as Shape4;
  const filter = inputs.filter!.shape as Triple;
  return window2D(tf.backend_util.computeDilation2DInfo(x, filter, strides, pad, 'NHWC', dilations));
}

const dilation = torchKernel<Attributes>('Dilation2D', (call) =>
  call.ops.dilate!(call.tensor('x'), call.tensor('filter'), windowOf(call)),
);

function gradient(name: string, op: 'dilateInputGradient' | 'dilateFilterGradient'): TorchKernel {
  return torchKernel<Attributes>(name, (call) =>
    call.ops[op]!(call.tensor('x'), call.tensor('filter'), call.tensor('dy'), windowOf(call)),
  );
}

export const DILATION_KERNELS: readonly TorchKernel[] = [
  dilation,
  gradient('Dilation2DBackpropInput', 'dilateInputGradient'),
  gradient('Dilation2DBackpropFilter', 'dilateFilterGradient'),
];
