import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';

const topK = torchListKernel<tf.TopKAttrs>('TopK', ({ tensor, attributes, ops }) =>
  ops.topK(tensor('x'), attributes.k),
);

const unique = torchListKernel<tf.UniqueAttrs>('Unique', ({ inputs, tensor, attributes, ops }) => {
  const [axis] = tf.util.parseAxisParam(attributes.axis, inputs.x!.shape);
  ops.unique(tensor('x'), axis!);
});

const searchSorted = torchKernel<tf.SearchSortedAttrs>('SearchSorted', ({ tensor, attributes, ops }) =>
  ops.searchSorted(tensor('sortedSequence'), tensor('values'), attributes.side === 'right'),
);

export const SORT_KERNELS: readonly TorchKernel[] = [topK, unique, searchSorted];
