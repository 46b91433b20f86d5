import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const einsum = torchKernel<tf.EinsumAttrs>('Einsum', ({ inputs, attributes, backend, ops }) => {
  const factors = Object.values(inputs);
  const { equation } = attributes;
  // Both throw what tfjs says of an equation that does not fit.
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, factors.length);
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, factors as tf.Tensor[]);
  ops.einsum(equation, backend.handles(inputs));
});

export const EINSUM_KERNELS: readonly TorchKernel[] = [einsum];
