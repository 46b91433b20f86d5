import { tf } from 'dna-nas/nn';
import { stringKernel } from '../string-kernel.js';
import { type KernelCall, type TorchKernel, torchKernel } from '../torch-kernel.js';

const reshape = torchKernel<tf.ReshapeAttrs>('Reshape', (call) => {
  const { shape, size } = describe(call.inputs.x!);
  const target = tf.util.inferFromImplicitShape(call.attributes.shape, size);
  tf.util.assert(size === tf.util.sizeFromShape(target), () => cannotReshape(shape, target));
  return inShape(call, 'x', target);
});

const expandDims = torchKernel<tf.ExpandDimsAttrs>('ExpandDims', (call) => {
  const { shape } = call.inputs.input!;
  const { dim } = call.attributes;
  const target = shape.slice();
  tf.util.assert(-(shape.length + 1) <= dim, () => axisOutside(dim, shape));
  target.splice(dim < 0 ? shape.length + dim + 1 : dim, 0, 1);
  return inShape(call, 'input', target);
});

const transpose = torchKernel<tf.TransposeAttrs>(
  'Transpose',
  ({ inputs, tensor, attributes, backend, ops }) => {
    const { perm } = attributes;
    if (perm.every((axis, place) => axis === place)) return backend.share(inputs.x!);
    ops.transpose!(tensor('x'), perm);
  },
);

const reverse = torchKernel<tf.ReverseAttrs>('Reverse', ({ inputs, tensor, attributes, ops }) =>
  ops.reverse!(tensor('x'), tf.util.parseAxisParam(attributes.dims, inputs.x!.shape)),
);

const broadcastTo = torchKernel<tf.BroadCastToAttrs>('BroadcastTo', ({ tensor, attributes, ops }) =>
  ops.broadcastTo!(tensor('x'), attributes.shape),
);

const tile = torchKernel<tf.TileAttrs>('Tile', ({ tensor, attributes, ops }) =>
  ops.tile!(tensor('x'), attributes.reps),
);

/** Shapes are read, since they are tensors themselves here. */
const broadcastArgs = torchKernel('BroadcastArgs', ({ inputs, backend }) => {
  const [first, second] = [inputs.s0!, inputs.s1!].map(({ dataId }) =>
    Array.from(backend.readSync(dataId) as Int32Array),
  );
  const values = Int32Array.from(tf.backend_util.assertAndGetBroadcastShape(first!, second!));
  const shape = [values.length];
  return { dataId: backend.write(values, shape, 'int32'), shape, dtype: 'int32' };
});

export const RESHAPE_KERNELS: readonly TorchKernel[] = [
  ...[reshape, expandDims, transpose, reverse, broadcastTo, tile].map((kernel) => stringKernel(kernel)),
  broadcastArgs,
];

function describe({ shape }: tf.TensorInfo): { shape: number[]; size: number } {
  return { shape, size: tf.util.sizeFromShape(shape) };
}

function inShape<A>(call: KernelCall<A>, name: string, shape: number[]): tf.TensorInfo | undefined {
  const input = call.inputs[name]!;
  if (tf.util.arraysEqual(input.shape, shape)) return call.backend.share(input);
  call.ops.reshape!(call.tensor(name), shape);
  return undefined;
}

function cannotReshape(from: number[], to: number[]): string {
  const [had, wanted] = [from, to].map((shape) => tf.util.sizeFromShape(shape));
  return `The new shape [${to}] holds ${wanted} elements and the tensor of shape [${from}] has ${had}.`;
}

function axisOutside(axis: number, shape: number[]): string {
  return `The new axis ${axis} is not in [${-(shape.length + 1)}, ${shape.length}] of a tensor of shape [${shape}].`;
}
