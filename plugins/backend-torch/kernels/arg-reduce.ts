import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const argMax = torchKernel<tf.ArgMaxAttrs>('ArgMax', ({ inputs, tensor, attributes, ops }) =>
  ops.argMax(tensor('x'), oneAxis(attributes.axis, inputs.x!)),
);

const argMin = torchKernel<tf.ArgMinAttrs>('ArgMin', ({ inputs, tensor, attributes, ops }) =>
  ops.argMin(tensor('x'), oneAxis(attributes.axis, inputs.x!)),
);

export const ARG_REDUCTION_KERNELS: readonly TorchKernel[] = [argMax, argMin];

function oneAxis(axis: number | number[], { shape }: tf.TensorInfo): number {
  return tf.util.parseAxisParam(axis, shape)[0]!;
}
