import { tf } from 'dna-nas/nn';
import { graphOrder, sizeOf, TO_NCHW } from '../tracing/layout.js';
import type { Constant, Operand, Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { raised } from '../tracing/reshape.js';
import type { KernelCall, Mapping, Mappings } from './mapping.js';

/**
 * An operation of two tensors that are broadcast. The last axes of NHWC are others than those of NCHW, so that what
 * has fewer axes than a map is given the missing ones first.
 */
export function combined(recording: Recording, op: string, [a, b]: readonly [Operand, Operand]): Traced {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const values = [a, b].map((operand) => broadcastValue(recording, operand, shape.length));
  return recording.add(op, values, { shape });
}

function broadcastValue(recording: Recording, operand: Operand, rank: number): string {
  if (operand.kind === 'constant') return broadcastConstant(recording, operand, rank);
  // A map that is combined with more axes keeps the order of its own code.
  if (rank > 4) return recording.natural(operand);
  return recording.value(rank === 4 ? raised(recording, operand, rank) : operand);
}

function broadcastConstant(recording: Recording, constant: Constant, rank: number): string {
  const { shape } = constant;
  if (sizeOf(shape) === 1) return recording.constant(constant, { shape: [] });
  if (rank !== 4) return recording.constant(constant);
  const whole = [...Array<number>(4 - shape.length).fill(1), ...shape];
  const extents = graphOrder(whole);
  const kept = extents.slice(extents.findIndex((extent) => extent !== 1));
  return recording.constant({ ...constant, shape: whole }, { perm: TO_NCHW, shape: kept });
}

const binary =
  (op: string): Mapping =>
  ({ inputs, recording }) =>
    combined(recording, op, [inputs.a!, inputs.b!]);

function sumOfAll({ inputs, recording }: KernelCall): Traced {
  const [first, ...others] = Object.values(inputs) as [Operand, ...Operand[]];
  return others.reduce((sum, next) => combined(recording, 'Add', [sum, next]), first) as Traced;
}

function squaredDifference({ inputs, recording }: KernelCall): Traced {
  const difference = combined(recording, 'Sub', [inputs.a!, inputs.b!]);
  return combined(recording, 'Mul', [difference, difference]);
}

/** Sums, products and the like of two tensors. */
export const arithmetic: Mappings = {
  Add: binary('Add'),
  AddN: sumOfAll,
  Sub: binary('Sub'),
  Multiply: binary('Mul'),
  RealDiv: binary('Div'),
  Maximum: binary('Max'),
  Minimum: binary('Min'),
  Pow: binary('Pow'),
  SquaredDifference: squaredDifference,
};
