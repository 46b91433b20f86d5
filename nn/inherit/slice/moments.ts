import { concat, matMul, ones, reshape, type Tensor, type Tensor2D, tidy } from '../../tensor.js';

/** outputs ≈ inputs · weights, but for a constant a channel. */
export interface LinearFit {
  /** [inputs · outputs], row by row. */
  readonly weights: Float64Array;
  /** Variance of each output as it is fitted. */
  readonly variance: Float64Array;
  /** Mean of each output. */
  readonly mean: Float64Array;
}

/** Added to each input's variance, as a share of their mean: inputs that tell the same share the weight. */
const RIDGE = 1e-4;

/** Sums of products of the channels of maps over all images and positions, from which least squares follow. */
export class Moments {
  readonly #sums: Float64Array;
  readonly #size: number;

  constructor(
    readonly inputs: number,
    readonly outputs: number,
  ) {
    this.#size = inputs + outputs + 1;
    this.#sums = new Float64Array(this.#size ** 2);
  }

  /** Takes up maps [n, h, w, inputs] and, if there are any, [n, h, w, outputs]. */
  add(inputs: Tensor, outputs?: Tensor): void {
    const products = tidy(() => {
      const rows = [inputs, ...(outputs ? [outputs] : [])].map(
        (map) => reshape(map, [-1, map.shape.at(-1)!]) as Tensor2D,
      );
      const all = concat([...rows, ones([rows[0]!.shape[0], 1])], 1) as Tensor2D;
      return matMul(all, all, true).dataSync();
    });
    for (let at = 0; at < products.length; at++) this.#sums[at]! += products[at]!;
  }

  /** Of the inputs, [inputs · inputs]. */
  covariance(): Float64Array {
    return this.#block(0, 0, this.inputs, this.inputs);
  }

  fit(): LinearFit {
    const { inputs, outputs } = this;
    const own = this.covariance();
    const cross = this.#block(0, inputs, inputs, outputs);
    const weights = solve(ridged(own, inputs), cross, inputs);
    const variance = new Float64Array(outputs);
    for (let output = 0; output < outputs; output++) {
      const column = Float64Array.from({ length: inputs }, (_, row) => weights[row * outputs + output]!);
      const explained = column.map((_, row) => dotRow(own, row, column));
      variance[output] = column.reduce((sum, weight, row) => sum + weight * explained[row]!, 0);
    }
    return { weights, variance, mean: this.#means().slice(inputs, -1) };
  }

  #means(): Float64Array {
    const last = this.#size - 1;
    return Float64Array.from(
      { length: this.#size },
      (_, at) => this.#sums[last * this.#size + at]! / this.#count,
    );
  }

  get #count(): number {
    return this.#sums.at(-1)!;
  }

  /** A part of the covariance matrix of inputs and outputs. */
  #block(fromRow: number, fromColumn: number, rows: number, columns: number): Float64Array {
    const means = this.#means();
    const block = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [i, j] = [fromRow + row, fromColumn + column];
        const product = this.#sums[i * this.#size + j]! / this.#count;
        block[row * columns + column] = product - means[i]! * means[j]!;
      }
    }
    return block;
  }
}

function dotRow(matrix: Float64Array, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at++) sum += matrix[row * vector.length + at]! * vector[at]!;
  return sum;
}

function ridged(covariance: Float64Array, size: number): Float64Array {
  let trace = 0;
  for (let at = 0; at < size; at++) trace += covariance[at * size + at]!;
  // Channels that never change leave a matrix of zeros.
  const ridge = (RIDGE * trace) / size || 1;
  const matrix = covariance.slice();
  for (let at = 0; at < size; at++) matrix[at * size + at]! += ridge;
  return matrix;
}

/** matrix⁻¹ · right of a symmetric positive matrix, by Cholesky; `right` has `right.length / size` columns. */
function solve(matrix: Float64Array, right: Float64Array, size: number): Float64Array {
  const columns = right.length / size;
  const solution = right.slice();
  const subtract = (row: number, other: number, factor: number) => {
    for (let at = 0; at < columns; at++)
      solution[row * columns + at]! -= factor * solution[other * columns + at]!;
  };
  const divide = (row: number) => {
    for (let at = 0; at < columns; at++) solution[row * columns + at]! /= matrix[row * size + row]!;
  };
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / matrix[column * size + column]!;
    }
    for (let k = 0; k < row; k++) subtract(row, k, matrix[row * size + k]!);
    divide(row);
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) subtract(row, k, matrix[k * size + row]!);
    divide(row);
  }
  return solution;
}
