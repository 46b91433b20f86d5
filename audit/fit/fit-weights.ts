import { rankValues } from '../statistics/index.js';

/**
 * Weights of a sum of columns that orders networks as the targets do, none below 0: ridge regression of the columns,
 * each over its standard deviation, that shrinks towards one weight for all. How far is chosen by leaving one network
 * out (Allen's PRESS). A column that would weigh less than nothing is left out, and the others are fitted again.
 *
 * @param columns each [n]: higher is better
 * @param targets [n]
 * @returns one weight a column, in the column's own units; all 0 where no column helps or nothing differs
 */
export function fitWeights(columns: readonly Float64Array[], targets: Float64Array): Float64Array {
  const weights = new Float64Array(columns.length);
  const y = centred(targets);
  let kept = columns
    .map((column, index) => ({ index, ...standardised(column) }))
    .filter(({ spread }) => spread > 0);
  while (kept.length > 0) {
    const fitted = fitRidge(
      kept.map(({ values }) => values),
      y,
    );
    const least = fitted.indexOf(Math.min(...fitted));
    if (fitted[least]! >= 0) {
      kept.forEach(({ index, spread }, place) => {
        weights[index] = fitted[place]! / spread;
      });
      break;
    }
    kept = kept.filter((_, place) => place !== least);
  }
  return weights;
}

/** The same by the ranks of what networks reached, in which raw accuracies' few worst do not outweigh all others. */
export function fitToRanks(columns: readonly Float64Array[], accuracy: Float64Array): Float64Array {
  return fitWeights(columns, Float64Array.from(rankValues(accuracy).ranks));
}

/** Penalties that are tried, as shares of the number of networks: ten a decade apart would tell no more. */
const PENALTIES = Array.from({ length: 11 }, (_, step) => 10 ** (-3 + step / 2));

/** Of standardised columns and centred targets. */
function fitRidge(columns: readonly Float64Array[], y: Float64Array): Float64Array {
  const count = y.length;
  const equal = equalWeight(columns, y);
  const residual = y.map((value, row) => value - equal * rowSum(columns, row));
  const gram = columns.map((one) => columns.map((other) => dot(one, other)));
  const products = columns.map((column) => dot(column, residual));
  let best = { error: Number.POSITIVE_INFINITY, weights: new Float64Array(columns.length) };
  for (const share of PENALTIES) {
    const inverse = inverted(gram, share * count);
    const weights = Float64Array.from(inverse, (row) => dot(row, products));
    const error = leftOutError({ columns, residual, inverse, weights });
    if (error < best.error) best = { error, weights };
  }
  return best.weights.map((weight) => weight + equal);
}

/** The one weight for all that fits best, or 0. */
function equalWeight(columns: readonly Float64Array[], y: Float64Array): number {
  const sums = y.map((_, row) => rowSum(columns, row));
  const square = dot(sums, sums);
  return square > 0 ? Math.max(0, dot(sums, y) / square) : 0;
}

interface Fit {
  readonly columns: readonly Float64Array[];
  readonly residual: Float64Array;
  readonly inverse: readonly Float64Array[];
  readonly weights: Float64Array;
}

/** Mean square of what each network would be off by if it were left out. */
function leftOutError({ columns, residual, inverse, weights }: Fit): number {
  const count = residual.length;
  let sum = 0;
  for (let row = 0; row < count; row++) {
    const x = columns.map((column) => column[row]!);
    const leverage =
      1 / count +
      dot(
        x,
        Float64Array.from(inverse, (line) => dot(line, x)),
      );
    sum += ((residual[row]! - dot(weights, x)) / (1 - leverage)) ** 2;
  }
  return sum / count;
}

/** (matrix + penalty · I)⁻¹ of a symmetric positive matrix, by Gauss and Jordan; no pivots are needed. */
function inverted(matrix: readonly (readonly number[])[], penalty: number): Float64Array[] {
  const size = matrix.length;
  const rows = matrix.map((row, at) => {
    const wide = new Float64Array(2 * size);
    wide.set(row);
    wide[at]! += penalty;
    wide[size + at] = 1;
    return wide;
  });
  for (let at = 0; at < size; at++) {
    const pivot = rows[at]![at]!;
    for (let column = 0; column < 2 * size; column++) rows[at]![column]! /= pivot;
    for (let row = 0; row < size; row++) {
      if (row === at) continue;
      const factor = rows[row]![at]!;
      for (let column = 0; column < 2 * size; column++) rows[row]![column]! -= factor * rows[at]![column]!;
    }
  }
  return rows.map((row) => row.slice(size));
}

function dot(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

function rowSum(columns: readonly Float64Array[], row: number): number {
  return columns.reduce((sum, column) => sum + column[row]!, 0);
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function standardised(column: Float64Array): { readonly values: Float64Array; readonly spread: number } {
  const values = centred(column);
  const spread = Math.sqrt(dot(values, values) / values.length);
  return { values: spread > 0 ? values.map((value) => value / spread) : values, spread };
}
