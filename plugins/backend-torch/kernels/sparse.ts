import { tf } from 'dna-nas/nn';
import { stringKernel } from '../string-kernel.js';
import { type KernelCall, type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';

const sparseSegmentSum = torchKernel('SparseSegmentSum', (call) => {
  reduceSegments(call, false);
});

const sparseSegmentMean = torchKernel('SparseSegmentMean', (call) => {
  reduceSegments(call, true);
});

const sparseReshape = torchListKernel('SparseReshape', ({ inputs, tensor, backend, ops }) => {
  const [from, wanted] = [inputs.inputShape!, inputs.newShape!].map(({ dataId }) =>
    Array.from(backend.readSync(dataId) as Int32Array),
  );
  ops.sparseReshape!(tensor('inputIndices'), from!, inferSparseShape(from!, wanted!));
});

const sparseFillEmptyRows = torchListKernel('SparseFillEmptyRows', ({ tensor, ops }) =>
  ops.sparseFillEmptyRows!(tensor('indices'), tensor('values'), tensor('denseShape'), tensor('defaultValue')),
);

export const SPARSE_KERNELS: readonly TorchKernel[] = [
  sparseSegmentSum,
  sparseSegmentMean,
  sparseReshape,
  stringKernel(sparseFillEmptyRows, [1]),
];

function reduceSegments({ tensor, ops }: KernelCall, mean: boolean): void {
  ops.sparseSegment!(tensor('data'), tensor('indices'), tensor('segmentIds'), mean);
}

/** The wanted shape with its -1, if any, filled in; throws where it does not hold as many elements. */
function inferSparseShape(from: number[], wanted: readonly number[]): number[] {
  const size = tf.util.sizeFromShape(from);
  const open = findOpenAxis(wanted);
  const shape = wanted.map((extent) => (extent === -1 ? 1 : extent));
  if (open !== undefined) shape[open] = inferExtent(from, shape);
  if (tf.util.sizeFromShape(shape) !== size) {
    throw new Error(tf.backend_util.getSparseReshapeInputOutputMismatchErrorMessage(from, shape));
  }
  return shape;
}

function findOpenAxis(wanted: readonly number[]): number | undefined {
  let open: number | undefined;
  for (const [axis, extent] of wanted.entries()) {
    if (extent < -1) {
      throw new Error(tf.backend_util.getSparseReshapeNegativeOutputDimErrorMessage(axis, extent));
    }
    if (extent !== -1) continue;
    if (open !== undefined) {
      throw new Error(tf.backend_util.getSparseReshapeMultipleNegativeOneOutputDimErrorMessage(open, axis));
    }
    open = axis;
  }
  return open;
}

function inferExtent(from: number[], shape: number[]): number {
  const [size, others] = [tf.util.sizeFromShape(from), tf.util.sizeFromShape(shape)];
  if (others === 0) {
    throw new Error(tf.backend_util.getSparseReshapeEmptyTensorZeroOutputDimErrorMessage());
  }
  if (size % others !== 0) {
    throw new Error(tf.backend_util.getSparseReshapeInputOutputMultipleErrorMessage(from, shape));
  }
  return size / others;
}
