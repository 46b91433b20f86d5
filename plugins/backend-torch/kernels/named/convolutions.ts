import type { Activation, Conv2dAttributes, KernelName } from 'dna-nas/nn';
import type { NativeValue } from '../../binding.js';
import type { TorchKernel } from '../../torch-kernel.js';
import { activationCode } from './activation-code.js';
import { namedKernel } from './named-kernel.js';

function geometry({ strides, padding, dilations }: Conv2dAttributes): NativeValue[] {
  return [strides, padding, dilations];
}

/** The forward, both gradient kernels and the forward with bias of one convolution, and the addon's ops of the same names. */
function convolution(name: 'Conv2d' | 'DepthwiseConv2d'): TorchKernel[] {
  const op = `${name[0]!.toLowerCase()}${name.slice(1)}`;
  return [
    namedKernel<Conv2dAttributes>(name, ({ tensor, attributes, ops }) =>
      ops[op]!(tensor('x'), tensor('filter'), ...geometry(attributes)),
    ),
    namedKernel<Conv2dAttributes & { inputShape: number[] }>(
      `${name}GradInput` satisfies KernelName,
      ({ tensor, attributes, ops }) =>
        ops[`${op}GradInput`]!(
          tensor('dy'),
          tensor('filter'),
          attributes.inputShape,
          ...geometry(attributes),
        ),
    ),
    namedKernel<Conv2dAttributes & { filterShape: number[] }>(
      `${name}GradFilter` satisfies KernelName,
      ({ tensor, attributes, ops }) =>
        ops[`${op}GradFilter`]!(tensor('x'), tensor('dy'), attributes.filterShape, ...geometry(attributes)),
    ),
    namedKernel<Conv2dAttributes & { activation: Activation }>(
      `${name}Bias` satisfies KernelName,
      ({ tensor, attributes, ops }) =>
        ops[`${op}Bias`]!(
          ...[tensor('x'), tensor('filter'), tensor('bias')],
          ...geometry(attributes),
          activationCode(attributes.activation),
        ),
    ),
  ];
}

export const CONVOLUTIONS = [...convolution('Conv2d'), ...convolution('DepthwiseConv2d')];
