import { tf } from 'dna-nas/nn';
import type { Window } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';
import { type PerAxis, type Shape5, type Triple, window3D } from './spatial-window.js';

interface Attributes {
  readonly strides: PerAxis<Triple>;
  readonly pad: 'valid' | 'same';
  readonly dilations?: PerAxis<Triple>;
}

function windowOf(attributes: Attributes, x: readonly number[], filter: readonly number[]): Window {
  const { strides, pad, dilations = 1 } = attributes;
  return window3D(tf.backend_util.computeConv3DInfo(x as Shape5, filter as Shape5, strides, dilations, pad));
}

const conv3D = torchKernel<Attributes>('Conv3D', ({ inputs, attributes, tensor, ops }) => {
  const window = windowOf(attributes, inputs.x!.shape, inputs.filter!.shape);
  ops.convolve(tensor('x'), tensor('filter'), null, null, window, false, false, 'linear', 0);
});

const inputGradient = torchKernel<Attributes & { readonly inputShape: Shape5 }>(
  'Conv3DBackpropInputV2',
  ({ inputs, attributes, tensor, ops }) => {
    const { inputShape } = attributes;
    const window = windowOf(attributes, inputShape, inputs.filter!.shape);
    ops.convolveInputGradient(tensor('dy'), tensor('filter'), inputShape, window, false, false);
  },
);

const filterGradient = torchKernel<Attributes & { readonly filterShape: Shape5 }>(
  'Conv3DBackpropFilterV2',
  ({ inputs, attributes, tensor, ops }) => {
    const { filterShape } = attributes;
    const window = windowOf(attributes, inputs.x!.shape, filterShape);
    ops.convolveFilterGradient(tensor('x'), tensor('dy'), filterShape, window, false, false);
  },
);

export const CONVOLUTION_3D_KERNELS: readonly TorchKernel[] = [conv3D, inputGradient, filterGradient];
