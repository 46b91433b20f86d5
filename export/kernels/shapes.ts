import { tf } from 'dna-nas/nn';
import { unmappedUse } from '../errors.js';
import { graphAxis, graphOrder, graphPermutation } from '../tracing/layout.js';
import type { Operand, Traced } from '../tracing/operand.js';
import { reshaped } from '../tracing/reshape.js';
import { type KernelCall, type Mappings, tracedInput } from './mapping.js';

function reshape(call: KernelCall): Traced {
  const x = tracedInput(call, 'x');
  const { shape } = call.attributes as { shape: number[] };
  const size = x.shape.reduce((product, extent) => product * extent, 1);
  return reshaped(call.recording, x, tf.util.inferFromImplicitShape(shape, size));
}

function expandDims(call: KernelCall): Traced {
  const input = tracedInput(call, 'input');
  const { dim } = call.attributes as { dim: number };
  const shape = [...input.shape];
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1);
  return reshaped(call.recording, input, shape);
}

function transpose(call: KernelCall): Traced {
  const { recording } = call;
  const x = tracedInput(call, 'x');
  const { perm } = call.attributes as { perm: number[] };
  return recording.add('Transpose', [recording.value(x)], {
    shape: perm.map((axis) => x.shape[axis]!),
    attributes: { perm: { ints: graphPermutation(perm) } },
  });
}

function concat({ inputs, attributes, recording }: KernelCall): Traced {
  const operands = Object.values(inputs) as [Operand, ...Operand[]];
  const { axis } = attributes as { axis: number };
  const shape = [...operands[0].shape];
  shape[axis] = operands.reduce((sum, operand) => sum + operand.shape[axis]!, 0);
  const values = operands.map((operand) => recording.value(operand));
  return recording.add('Concat', values, {
    shape,
    attributes: { axis: { int: graphAxis(axis, shape.length) } },
  });
}

function pad(call: KernelCall): Traced {
  const { recording } = call;
  const x = tracedInput(call, 'x');
  const { paddings, constantValue } = call.attributes as {
    paddings: readonly [number, number][];
    constantValue: number;
  };
  const ordered = graphOrder(paddings);
  const pads = [...ordered.map(([before]) => before), ...ordered.map(([, after]) => after)];
  const inputs = [recording.value(x), recording.wholeNumbers('pads', pads)];
  if (constantValue !== 0) inputs.push(recording.number(`padding_${constantValue}`, constantValue));
  const shape = x.shape.map((extent, axis) => paddings[axis]![0] + extent + paddings[axis]![1]);
  return recording.add('Pad', inputs, { shape });
}

/** Axes that are taken whole are not named, so that the batch stays open. */
function slice(call: KernelCall): Traced {
  const { recording } = call;
  const x = tracedInput(call, 'x');
  const { begin, size } = call.attributes as { begin: number | number[]; size: number | number[] };
  const of = { shape: [...x.shape] } as never;
  const [from, extents] = tf.slice_util.parseSliceParams(of, begin, size) as [number[], number[]];
  const axes = x.shape.flatMap((extent, axis) => (extents[axis] === extent ? [] : [axis]));
  if (axes.length === 0) return x;
  const inputs = [
    recording.value(x),
    recording.wholeNumbers(
      'starts',
      axes.map((axis) => from[axis]!),
    ),
    recording.wholeNumbers(
      'ends',
      axes.map((axis) => from[axis]! + extents[axis]!),
    ),
    recording.wholeNumbers(
      'axes',
      axes.map((axis) => graphAxis(axis, x.shape.length)),
    ),
  ];
  return recording.add('Slice', inputs, { shape: extents });
}

function split(call: KernelCall): readonly Traced[] {
  const { recording } = call;
  const x = tracedInput(call, 'x');
  const { numOrSizeSplits, axis: given } = call.attributes as {
    numOrSizeSplits: number | number[];
    axis: number;
  };
  const axis = given < 0 ? given + x.shape.length : given;
  const extent = x.shape[axis]!;
  const sizes = tf.backend_util.prepareSplitSize({ shape: [...x.shape] } as never, numOrSizeSplits, axis);
  const shapes = sizes.map((size) => x.shape.map((own, at) => (at === axis ? size : own)));
  if (sizes.length === 1 && sizes[0] === extent) return [x];
  const inputs = [recording.value(x), recording.wholeNumbers('split', sizes)];
  const attributes = { axis: { int: graphAxis(axis, x.shape.length) } };
  return recording.addWithResults('Split', inputs, { shapes, attributes });
}

/** Numbers stay float32; to whole numbers nothing is mapped. */
function cast(call: KernelCall): Traced {
  const { dtype } = call.attributes as { dtype: string };
  if (dtype === 'float32') return tracedInput(call, 'x');
  throw unmappedUse(call.kernel, call.recording.layer, `to ${dtype}`);
}

/** What moves elements about. */
export const shapes: Mappings = {
  Identity: (call) => tracedInput(call, 'x'),
  Cast: cast,
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Concat: concat,
  PadV2: pad,
  Slice: slice,
  SplitV: split,
};
