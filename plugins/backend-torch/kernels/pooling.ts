import { tf } from 'dna-nas/nn';
import type { Window } from '../native-ops.js';
import { type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';
import {
  type Padding,
  type PerAxis,
  type Rounding,
  type Shape4,
  type Shape5,
  window2D,
  window3D,
} from './spatial-window.js';

interface Attributes {
  readonly filterSize: PerAxis<number[]>;
  readonly strides: PerAxis<number[]>;
  readonly pad: Padding;
  readonly dimRoundingMode?: Rounding;
}

type Pool2DArguments = Parameters<typeof tf.backend_util.computePool2DInfo>;
type Pool3DArguments = Parameters<typeof tf.backend_util.computePool3DInfo>;

/** The window of a pool over x [n, .., c], by tfjs's rules of padding. */
function windowOf({ filterSize, strides, pad, dimRoundingMode }: Attributes, x: readonly number[]): Window {
  if (x.length === 5) {
    const size = filterSize as Pool3DArguments[1];
    const steps = strides as Pool3DArguments[2];
    const padding = pad as Pool3DArguments[4];
    return window3D(tf.backend_util.computePool3DInfo(x as Shape5, size, steps, 1, padding, dimRoundingMode));
  }
  const size = filterSize as Pool2DArguments[1];
  const steps = strides as Pool2DArguments[2];
  return window2D(tf.backend_util.computePool2DInfo(x as Shape4, size, steps, 1, pad, dimRoundingMode));
}

function forward(name: string, op: 'maxPool' | 'averagePool'): TorchKernel {
  return torchKernel<Attributes>(name, ({ inputs, attributes, tensor, ops }) =>
    ops[op](tensor('x'), windowOf(attributes, inputs.x!.shape)),
  );
}

function maxGradient(name: string): TorchKernel {
  return torchKernel<Attributes>(name, ({ inputs, attributes, tensor, ops }) =>
    ops.maxPoolGradient(tensor('dy'), tensor('input'), windowOf(attributes, inputs.input!.shape)),
  );
}

function averageGradient(name: string): TorchKernel {
  return torchKernel<Attributes>(name, ({ inputs, attributes, tensor, ops }) => {
    const { shape } = inputs.input!;
    ops.averagePoolGradient(tensor('dy'), shape, windowOf(attributes, shape));
  });
}

const maxWithArgmax = torchListKernel<Attributes & { readonly includeBatchInIndex: boolean }>(
  'MaxPoolWithArgmax',
  ({ inputs, attributes, tensor, ops }) =>
    ops.maxPoolWithArgmax(tensor('x'), windowOf(attributes, inputs.x!.shape), attributes.includeBatchInIndex),
);

export const POOLING_KERNELS: readonly TorchKernel[] = [
  forward('MaxPool', 'maxPool'),
  maxGradient('MaxPoolGrad'),
  forward('MaxPool3D', 'maxPool'),
  maxGradient('MaxPool3DGrad'),
  forward('AvgPool', 'averagePool'),
  averageGradient('AvgPoolGrad'),
  forward('AvgPool3D', 'averagePool'),
  averageGradient('AvgPool3DGrad'),
  maxWithArgmax,
];
