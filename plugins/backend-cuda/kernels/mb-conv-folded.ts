import type { MbConvFoldedAttributes } from 'dna-nas/nn';
import { attribute, type CudaKernel, cudaKernel } from '../cuda-kernel.js';
import { activationAttribute } from './own-ops.js';

/** An op of our own alone: elsewhere the kernels of its parts run. */
export const MB_CONV_FOLDED: CudaKernel = cudaKernel<MbConvFoldedAttributes>('MbConvFolded', (call) => {
  const { strides, padding, activation, residual } = call.attributes;
  const tensors = call.list();
  return call.op('DnaMbConvFolded', tensors, [
    attribute.int('N', tensors.length),
    attribute.int('strides', strides),
    attribute.int('padding', padding),
    activationAttribute(activation),
    attribute.bool('residual', residual),
  ]);
});
