import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const softmax = torchKernel<tf.SoftmaxAttrs>('Softmax', ({ tensor, attributes, ops }) =>
  ops.softmax(tensor('logits'), attributes.dim),
);

const logSoftmax = torchKernel<tf.LogSoftmaxAttrs>('LogSoftmax', ({ tensor, attributes, ops }) =>
  ops.logSoftmax(tensor('logits'), attributes.axis),
);

export const SOFTMAX_KERNELS: readonly TorchKernel[] = [softmax, logSoftmax];
