import type { MbConvAttributes } from 'dna-nas/nn';
import { attribute, type CudaKernel, cudaListKernel } from '../cuda-kernel.js';
import { activationAttribute } from './own-ops.js';

/** y, the statistics of three norms, and what the gradient needs. */
const OUTPUTS = 12;
/** Those of x and of thirteen weights. */
const GRADIENTS = 14;

function attributesOf({ strides, padding, epsilon, activation }: MbConvAttributes) {
  return [
    attribute.int('strides', strides),
    attribute.int('padding', padding),
    attribute.float('epsilon', epsilon),
    activationAttribute(activation),
  ];
}

const forward = cudaListKernel<MbConvAttributes>('MbConvTraining', (call) =>
  call.ops('DnaMbConvTraining', call.list(), attributesOf(call.attributes), OUTPUTS),
);

const gradient = cudaListKernel<MbConvAttributes>('MbConvTrainingGrad', (call) =>
  call.ops('DnaMbConvTrainingGrad', call.list(), attributesOf(call.attributes), GRADIENTS),
);

/** Ops of our own alone: elsewhere the kernels of its parts run. */
export const MB_CONV_TRAINING: readonly CudaKernel[] = [forward, gradient];
