import type { KernelAttributes } from 'dna-nas/nn/kernels';
import type { Constant, Operand, Traced } from '../tracing/operand.js';
import type { Recording } from '../tracing/recording.js';
import { pointwise } from './convolutions.js';
import type { KernelCall, Mappings } from './mapping.js';

/** Rows times a matrix whose values are known, [k, n], which the graph has as PyTorch does, [n, k]. */
function linear(recording: Recording, rows: Traced, matrix: Constant): Traced {
  const [, outputs] = matrix.shape as [number, number];
  const value = recording.value(rows);
  return recording.add('Gemm', [value, recording.constant(matrix, { perm: [1, 0] })], {
    shape: [rows.shape[0]!, outputs],
    attributes: { transB: { int: 1 } },
  });
}

function matMul(call: KernelCall): Traced {
  const { a, b } = call.inputs as { a: Operand; b: Operand };
  if (a.kind === 'constant' || b.kind === 'traced') return product(call, [false, false]);
  // Of one pixel an image the rows may be what 1×1 convolutions make of a map, or vectors.
  const { rows } = call.attributes as KernelAttributes<'MatMul'>;
  const isMap = a.pixelsOf !== undefined && (rows === 'pixels' || a.shape[0] !== a.pixelsOf.shape[0]);
  return isMap ? pointwise(call.recording, a, b) : linear(call.recording, a, b);
}

function batchMatMul(call: KernelCall): Traced {
  const { inputs, recording, attributes } = call;
  const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean };
  const { a, b } = inputs as { a: Operand; b: Operand };
  const isLinear =
    a.kind === 'traced' && b.kind === 'constant' && [a, b].every(({ shape }) => shape.length === 2);
  return isLinear && !transposeA && !transposeB
    ? linear(recording, a, b)
    : product(call, [transposeA, transposeB]);
}

/** A product of matrices in the last two axes of the code's order; transposed first where it is asked for. */
function product(
  { inputs, recording }: KernelCall,
  [transposeA, transposeB]: readonly [boolean, boolean],
): Traced {
  const a = factor(recording, inputs.a!, transposeA);
  const b = factor(recording, inputs.b!, transposeB);
  const [rows, columns] = [a.shape.at(-2)!, b.shape.at(-1)!];
  const outer = a.shape.length >= b.shape.length ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  const shape = outer.map((extent, axis) =>
    Math.max(extent, b.shape.length === a.shape.length ? b.shape[axis]! : 1),
  );
  const result = recording.add('MatMul', [a.value, b.value], {
    shape: [...shape, rows, columns],
    isNatural: true,
  });
  return recording.fromNatural(result);
}

function factor(
  recording: Recording,
  operand: Operand,
  transpose: boolean,
): { value: string; shape: readonly number[] } {
  const value = recording.natural(operand);
  if (!transpose) return { value, shape: operand.shape };
  const rank = operand.shape.length;
  const perm = [...Array(rank - 2).keys(), rank - 1, rank - 2];
  const shape = perm.map((axis) => operand.shape[axis]!);
  const attributes = { perm: { ints: perm } };
  return recording.add('Transpose', [value], { shape, attributes, isNatural: true });
}

/** Products of matrices. */
export const products: Mappings = { DnaMatMul: matMul, BatchMatMul: batchMatMul };
