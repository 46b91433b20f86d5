import { mean, rankValues } from '../statistics/index.js';
import { averageByEvidence, type Columns, type Hypothesis } from './evidence.js';

/** Networks as a fit sees them, a row each. */
export interface RatedNetworks {
  /** By shape and block: what stands for the block's rating; lower is better. */
  readonly shapes: readonly Columns[];
  /** The columns of `OperationFeatures`; none where operations are not known. */
  readonly operations: Columns;
}

/** Networks are the better the greater their weighted sum. */
export interface RatingWeights {
  /** By shape, one a block. */
  readonly shapes: readonly Float64Array[];
  /** One a feature. */
  readonly operations: Float64Array;
}

/** Variances of a model's noise, where accuracies' ranks have a variance of 1. */
const NOISES = [0.05, 0.1, 0.2, 0.4];
/** Variances of how far a block's weight is from that of the sum. */
const BLOCKS = [0, 0.03, 0.3];
/** Variances of what operations add to what the ratings tell. */
const OPERATIONS = [0, 0.05, 0.2, 1, 4];
/** What is known of a rating before any network is trained: that it orders networks, not perfectly. */
const TREND = { mean: 0.7, variance: 0.1 };

/**
 * Weights of the blocks' ratings, and what operations add to them, from the accuracies of a few trained networks (the
 * idea of DONNA, arXiv 2012.08859, which fits a linear model of the blocks' ratings to accuracies). Models of more and
 * less freedom are averaged by their evidence, from the plain sum of the ratings to weights of their own for blocks and
 * operations: a few networks move the weights little, many as far as they can tell.
 *
 * @param accuracy of the networks; their ranks are what is fitted
 * @returns undefined where all accuracies are equal or the ratings tell no two networks apart
 */
export function fitRatings(
  { shapes, operations }: RatedNetworks,
  accuracy: Float64Array,
): RatingWeights | undefined {
  const targets = rankTargets(accuracy);
  if (!targets) return undefined;
  const sums = shapes.map((columns) => standardised([sumOf(columns)], 1));
  const blocks = shapes.map((columns) => standardised(columns, 1 / Math.sqrt(columns.length)));
  const groups = [...sums, ...blocks, asTheyAre(operations)];
  if (sums.every(({ columns }) => columns[0]!.every((value) => value === 0))) return undefined;
  const first = shapes.length;
  const hypotheses = hypothesesOf(shapes.length, operations.length > 0 ? OPERATIONS : [0]);
  const weights = averageByEvidence({ groups: groups.map(({ columns }) => columns), targets }, hypotheses);
  const own = (group: number) => weights[group]!.map((weight, at) => weight * groups[group]!.factors[at]!);
  return {
    shapes: shapes.map((columns, shape) => {
      const [sum] = own(shape);
      const deviations = own(first + shape);
      return Float64Array.from(columns, (_, block) => sum! + deviations[block]!);
    }),
    operations: own(2 * first),
  };
}

/** Of groups in this order: the sums by shape, the blocks by shape, the operations. */
function hypothesesOf(shapes: number, ofOperations: readonly number[]): Hypothesis[] {
  const priorsOf = (shape: number) =>
    BLOCKS.flatMap((block) =>
      ofOperations.map((operation) =>
        [
          { group: shape, mean: -TREND.mean, variance: TREND.variance },
          { group: shapes + shape, variance: block },
          { group: 2 * shapes, variance: operation },
        ].filter(({ variance }) => variance > 0),
      ),
    );
  return Array.from({ length: shapes }, (_, shape) => priorsOf(shape))
    .flat()
    .flatMap((priors) => NOISES.map((noise) => ({ priors, noise })));
}

/**
 * The same without ratings: weights of other columns alone, such as sizes.
 * @param kind `operations`: the columns of `OperationFeatures`; `sizes`: each in a unit of its own
 * @returns undefined where all accuracies are equal
 */
export function fitColumns(
  columns: Columns,
  accuracy: Float64Array,
  kind: 'operations' | 'sizes',
): Float64Array | undefined {
  const targets = rankTargets(accuracy);
  if (!targets) return undefined;
  const group =
    kind === 'operations' ? asTheyAre(columns) : standardised(columns, 1 / Math.sqrt(columns.length));
  const hypotheses = OPERATIONS.filter((variance) => variance > 0).flatMap((variance) =>
    NOISES.map((noise) => ({ priors: [{ group: 0, variance }], noise })),
  );
  const [weights] = averageByEvidence({ groups: [group.columns], targets }, hypotheses);
  return weights!.map((weight, at) => weight * group.factors[at]!);
}

/** The weighted sum of each row; higher is better. */
export function weightedSums(columns: Columns, weights: Float64Array, rows: number): Float64Array {
  const sums = new Float64Array(rows);
  columns.forEach((column, at) => {
    const weight = weights[at]!;
    if (weight !== 0) for (let row = 0; row < rows; row++) sums[row]! += weight * column[row]!;
  });
  return sums;
}

/** Columns in units that a prior can speak of, and what turns their weights into weights of the columns given. */
interface Group {
  readonly columns: Columns;
  readonly factors: readonly number[];
}

function asTheyAre(columns: Columns): Group {
  return { columns, factors: columns.map(() => 1) };
}

/** Each with a mean of 0 and a deviation of `unit`; what does not vary is 0. */
function standardised(columns: Columns, unit: number): Group {
  const all = columns.map((column) => {
    const values = centred(column);
    const spread = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
    const factor = spread > 0 ? unit / spread : 0;
    return { values: values.map((value) => value * factor), factor };
  });
  return { columns: all.map(({ values }) => values), factors: all.map(({ factor }) => factor) };
}

/** Ranks of the accuracies with a mean of 0 and a variance of 1. */
function rankTargets(accuracy: Float64Array): Float64Array | undefined {
  const [ranks] = standardised([Float64Array.from(rankValues(accuracy).ranks)], 1).columns;
  return ranks!.some((rank) => rank !== 0) ? ranks! : undefined;
}

function sumOf(columns: Columns): Float64Array {
  return columns[0]!.map((_, row) => columns.reduce((sum, column) => sum + column[row]!, 0));
}

function centred(values: Float64Array): Float64Array {
  const middle = mean(values);
  return values.map((value) => value - middle);
}
