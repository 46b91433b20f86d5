import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';
import { typeCode } from './cast.js';

const oneHot = torchKernel<tf.OneHotAttrs>('OneHot', ({ tensor, attributes, ops }) => {
  const { depth, onValue, offValue, dtype = 'int32' } = attributes;
  ops.oneHot(tensor('indices'), depth, onValue, offValue, typeCode(dtype));
});

export const ONE_HOT_KERNELS: readonly TorchKernel[] = [oneHot];
