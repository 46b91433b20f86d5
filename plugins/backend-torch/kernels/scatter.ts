import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const scatterNd = torchKernel<tf.ScatterNdAttrs>('ScatterNd', ({ tensor, attributes, ops }) =>
  ops.scatterNd(tensor('indices'), tensor('updates'), attributes.shape),
);

const tensorScatterUpdate = torchKernel('TensorScatterUpdate', ({ tensor, ops }) =>
  ops.tensorScatterUpdate(tensor('tensor'), tensor('indices'), tensor('updates')),
);

const unsortedSegmentSum = torchKernel<tf.UnsortedSegmentSumAttrs>(
  'UnsortedSegmentSum',
  ({ tensor, attributes, ops }) =>
    ops.unsortedSegmentSum(tensor('x'), tensor('segmentIds'), attributes.numSegments),
);

export const SCATTER_KERNELS: readonly TorchKernel[] = [scatterNd, tensorScatterUpdate, unsortedSegmentSum];
