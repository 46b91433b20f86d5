/** Columns whose weights have one prior. */
export type Columns = readonly Float64Array[];

/** What a hypothesis says of a group of columns: their weights are normal about `mean` (0), with this variance. */
export interface Prior {
  readonly group: number;
  readonly variance: number;
  readonly mean?: number;
}

/** A linear model: weights of some groups of columns, and noise of this variance. */
export interface Hypothesis {
  readonly priors: readonly Prior[];
  readonly noise: number;
}

/** What is to be explained, and by what. */
export interface Regression {
  /** Each group's columns, each [n]. */
  readonly groups: readonly Columns[];
  /** [n] */
  readonly targets: Float64Array;
}

/**
 * Bayesian linear regression, averaged over hypotheses by their evidence: how probable each makes the targets (Bishop,
 * Pattern Recognition and Machine Learning, 2006, section 3.4; as a Gaussian process, for more columns than rows).
 *
 * @returns the mean of the posterior, one weight a column of each group
 */
export function averageByEvidence(
  { groups, targets }: Regression,
  hypotheses: readonly Hypothesis[],
): Float64Array[] {
  const rows = targets.length;
  const kernels = groups.map((columns) => kernelOf(columns, rows));
  const sums = groups.map((columns) => sumOf(columns, rows));
  const solved = hypotheses.map((hypothesis) => solve(hypothesis, { kernels, sums, targets }));
  const best = Math.max(...solved.map(({ evidence }) => evidence));
  const shares = solved.map(({ evidence }) => Math.exp(evidence - best));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const means = new Float64Array(groups.length);
  const duals = groups.map(() => new Float64Array(rows));
  hypotheses.forEach(({ priors }, at) => {
    const share = shares[at]! / total;
    for (const { group, variance, mean = 0 } of priors) {
      means[group]! += share * mean;
      solved[at]!.dual.forEach((value, row) => {
        duals[group]![row]! += share * variance * value;
      });
    }
  });
  return groups.map((columns, group) =>
    Float64Array.from(columns, (column) => means[group]! + dot(column, duals[group]!)),
  );
}

interface Prepared {
  /** Of each group, the products of the rows with one another, [n · n]. */
  readonly kernels: readonly Float64Array[];
  /** Of each group, the sum of its columns. */
  readonly sums: readonly Float64Array[];
  readonly targets: Float64Array;
}

/** (K + noise · I)⁻¹ of what the prior means leave, and the logarithm of the evidence less what is common to all. */
function solve(
  { priors, noise }: Hypothesis,
  { kernels, sums, targets }: Prepared,
): { readonly dual: Float64Array; readonly evidence: number } {
  const rows = targets.length;
  const covariance = new Float64Array(rows * rows);
  const residual = targets.slice();
  for (const { group, variance, mean = 0 } of priors) {
    const kernel = kernels[group]!;
    for (let at = 0; at < covariance.length; at++) covariance[at]! += variance * kernel[at]!;
    if (mean !== 0) for (let row = 0; row < rows; row++) residual[row]! -= mean * sums[group]![row]!;
  }
  for (let row = 0; row < rows; row++) covariance[row * rows + row]! += noise;
  const logDeterminant = factorise(covariance, rows);
  const dual = solveFactorised(covariance, residual);
  return { dual, evidence: -(dot(residual, dual) + logDeterminant) / 2 };
}

/** Cholesky's factor in the lower half, in place. @returns the logarithm of the determinant */
function factorise(matrix: Float64Array, size: number): number {
  let logarithm = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) sum -= matrix[row * size + k]! * matrix[column * size + k]!;
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / matrix[column * size + column]!;
    }
    logarithm += 2 * Math.log(matrix[row * size + row]!);
  }
  return logarithm;
}

function solveFactorised(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const solution = right.slice();
  for (let row = 0; row < size; row++) {
    for (let k = 0; k < row; k++) solution[row]! -= factor[row * size + k]! * solution[k]!;
    solution[row]! /= factor[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let k = row + 1; k < size; k++) solution[row]! -= factor[k * size + row]! * solution[k]!;
    solution[row]! /= factor[row * size + row]!;
  }
  return solution;
}

function kernelOf(columns: Columns, rows: number): Float64Array {
  const kernel = new Float64Array(rows * rows);
  for (const column of columns)
    for (let row = 0; row < rows; row++)
      for (let other = 0; other < rows; other++) kernel[row * rows + other]! += column[row]! * column[other]!;
  return kernel;
}

function sumOf(columns: Columns, rows: number): Float64Array {
  const sum = new Float64Array(rows);
  for (const column of columns) for (let row = 0; row < rows; row++) sum[row]! += column[row]!;
  return sum;
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}
