import type { tf } from 'dna-nas/nn';
import { stringKernel } from '../string-kernel.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const scatterNd = torchKernel<tf.ScatterNdAttrs>('ScatterNd', ({ tensor, attributes, ops }) =>
  ops.scatterNd!(tensor('indices'), tensor('updates'), attributes.shape),
);

const tensorScatterUpdate = torchKernel('TensorScatterUpdate', ({ tensor, ops }) =>
  ops.tensorScatterUpdate!(tensor('tensor'), tensor('indices'), tensor('updates')),
);

const sparseToDense = torchKernel<tf.SparseToDenseAttrs>('SparseToDense', ({ tensor, attributes, ops }) =>
  ops.sparseToDense!(
    tensor('sparseIndices'),
    tensor('sparseValues'),
    tensor('defaultValue'),
    attributes.outputShape,
  ),
);

const unsortedSegmentSum = torchKernel<tf.UnsortedSegmentSumAttrs>(
  'UnsortedSegmentSum',
  ({ tensor, attributes, ops }) =>
    ops.unsortedSegmentSum!(tensor('x'), tensor('segmentIds'), attributes.numSegments),
);

const bincount = torchKernel<tf.BincountAttrs>('Bincount', ({ tensor, attributes, ops }) =>
  ops.bincount!(tensor('x'), tensor('weights'), attributes.size),
);

const denseBincount = torchKernel<tf.DenseBincountAttrs>('DenseBincount', ({ tensor, attributes, ops }) =>
  ops.denseBincount!(tensor('x'), tensor('weights'), attributes.size, attributes.binaryOutput ?? false),
);

export const SCATTER_KERNELS: readonly TorchKernel[] = [
  scatterNd,
  stringKernel(tensorScatterUpdate),
  stringKernel(sparseToDense),
  unsortedSegmentSum,
  bincount,
  denseBincount,
];
