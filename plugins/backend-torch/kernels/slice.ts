import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';

const slice = torchKernel<tf.SliceAttrs>('Slice', ({ inputs, tensor, attributes, backend, ops }) => {
  const x = inputs.x!;
  const [begin, size] = tf.slice_util.parseSliceParams(x, attributes.begin, attributes.size);
  tf.slice_util.assertParamsValid(x, begin!, size!);
  if (tf.util.arraysEqual(size!, x.shape)) return backend.share(x);
  ops.slice(tensor('x'), begin!, size!);
});

const stridedSlice = torchKernel<tf.StridedSliceAttrs>(
  'StridedSlice',
  ({ inputs, tensor, attributes, ops }) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const info = tf.slice_util.sliceInfo(inputs.x!.shape, begin, end, strides, ...masks);
    ops.stridedSlice(tensor('x'), info.begin, info.end, info.strides, info.finalShape);
  },
);

const splitV = torchListKernel<tf.SplitVAttrs>('SplitV', ({ inputs, tensor, attributes, ops }) => {
  const x = inputs.x!;
  const [axis] = tf.util.parseAxisParam(attributes.axis, x.shape);
  const { numOrSizeSplits } = attributes;
  // tfjs fills in the size that is left open, in the array that it is given.
  const parts = typeof numOrSizeSplits === 'number' ? numOrSizeSplits : numOrSizeSplits.slice();
  ops.split(tensor('x'), tf.backend_util.prepareSplitSize(x as tf.Tensor, parts, axis!), axis!);
});

const unpack = torchListKernel<tf.UnpackAttrs>('Unpack', ({ inputs, tensor, attributes, ops }) => {
  const [axis] = tf.util.parseAxisParam(attributes.axis, inputs.value!.shape);
  ops.unpack(tensor('value'), axis!);
});

export const SLICE_KERNELS: readonly TorchKernel[] = [slice, stridedSlice, splitV, unpack];
