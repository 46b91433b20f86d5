import { tf } from 'dna-nas/nn';
import { type KernelCall, type TorchKernel, torchKernel } from '../torch-kernel.js';

const reshape = torchKernel<tf.ReshapeAttrs>('Reshape', (call) =>
  inShape(call, 'x', resolveShape(call.attributes.shape, call.inputs.x!.shape)),
);

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
    ops.transpose(tensor('x'), perm);
  },
);

const reverse = torchKernel<tf.ReverseAttrs>('Reverse', ({ inputs, tensor, attributes, ops }) =>
  ops.reverse(tensor('x'), tf.util.parseAxisParam(attributes.dims, inputs.x!.shape)),
);

const broadcastTo = torchKernel<tf.BroadCastToAttrs>('BroadcastTo', ({ tensor, attributes, ops }) =>
  ops.broadcastTo(tensor('x'), attributes.shape),
);

const tile = torchKernel<tf.TileAttrs>('Tile', ({ tensor, attributes, ops }) =>
  ops.tile(tensor('x'), attributes.reps),
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
  reshape,
  expandDims,
  transpose,
  reverse,
  broadcastTo,
  tile,
  broadcastArgs,
];

/** The wanted shape with its -1, if any, filled in; throws where it does not hold as many elements. */
function resolveShape(wanted: number[], from: number[]): number[] {
  const size = tf.util.sizeFromShape(from);
  const shape = wanted.includes(-1) ? tf.util.inferFromImplicitShape(wanted, size) : wanted;
  const held = tf.util.sizeFromShape(shape);
  tf.util.assert(
    held === size,
    () => `The new shape [${shape}] holds ${held} elements and the tensor of shape [${from}] has ${size}.`,
  );
  return shape;
}

function inShape<A>(call: KernelCall<A>, name: 'x' | 'input', shape: number[]): tf.TensorInfo | undefined {
  const input = call.inputs[name]!;
  if (tf.util.arraysEqual(input.shape, shape)) return call.backend.share(input);
  call.ops.reshape(call.tensor(name), shape);
  return undefined;
}

function axisOutside(axis: number, shape: number[]): string {
  return `The new axis ${axis} is not in [${-(shape.length + 1)}, ${shape.length}] of a tensor of shape [${shape}].`;
}
