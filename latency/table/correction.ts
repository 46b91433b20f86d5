import { rankValues, spearmanRho } from 'dna-nas/audit';
import type { NetworkRow } from './latency-table.js';
import { median } from './quantile.js';

/** What a whole network takes by the sum of its layers: `constant + factor × sum`, in milliseconds. */
export interface Correction {
  readonly constant: number;
  readonly factor: number;
  /** Networks that it is fitted on. */
  readonly fitted: number;
}

/** A network that the correction did not see. */
export interface JudgedNetwork {
  readonly architecture: string;
  readonly predicted: number;
  readonly measured: number;
}

/** How well sums of layers tell what networks take. */
export interface Judgement {
  readonly networks: readonly JudgedNetwork[];
  /** Of |predicted ÷ measured − 1|. */
  readonly medianError: number;
  readonly greatestError: number;
  /** Spearman's. */
  readonly rankCorrelation: number;
}

/** Networks that a line is fitted on. */
export const FITTED = 10;

/** Where no network was measured. */
const NONE: Correction = { constant: 0, factor: 1, fitted: 0 };

/** @param sums of the layers of each network, in milliseconds */
export function correct(
  networks: readonly NetworkRow[],
  sums: readonly number[],
): { readonly correction: Correction; readonly judgement?: Judgement } {
  const measured = networks.map(({ samples }) => median(samples));
  if (networks.length < 2) return { correction: NONE };
  const correction = fitLine(sums.slice(0, FITTED), measured.slice(0, FITTED));
  if (networks.length <= FITTED) return { correction };
  const judged = networks.slice(FITTED).map(({ architecture }, at) => ({
    architecture,
    predicted: correction.constant + correction.factor * sums[FITTED + at]!,
    measured: measured[FITTED + at]!,
  }));
  return { correction, judgement: judge(judged) };
}

/**
 * Least squares of relative errors: a millisecond counts more on a fast network. A constant below 0 would price the
 * smallest networks at less than nothing, so there it is 0.
 */
function fitLine(sums: readonly number[], measured: readonly number[]): Correction {
  const weights = measured.map((time) => 1 / (time * time));
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value, at) => sum + weights[at]! * value, 0) /
    weights.reduce((sum, weight) => sum + weight, 0);
  const [x, y] = [mean(sums), mean(measured)];
  const covariance = mean(sums.map((sum, at) => (sum - x) * (measured[at]! - y)));
  const variance = mean(sums.map((sum) => (sum - x) ** 2));
  const factor = variance > 0 ? covariance / variance : y / x;
  const constant = y - factor * x;
  const fitted = sums.length;
  if (constant >= 0 && factor > 0) return { constant, factor, fitted };
  const through = mean(sums.map((sum, at) => sum * measured[at]!)) / mean(sums.map((sum) => sum * sum));
  return { constant: 0, factor: through, fitted };
}

function judge(networks: readonly JudgedNetwork[]): Judgement {
  const errors = networks.map(({ predicted, measured }) => Math.abs(predicted / measured - 1));
  const ranked = (values: readonly number[]) => rankValues(Float64Array.from(values));
  return {
    networks,
    medianError: median(errors),
    greatestError: Math.max(...errors),
    rankCorrelation: spearmanRho(
      ranked(networks.map(({ predicted }) => predicted)),
      ranked(networks.map(({ measured }) => measured)),
    ),
  };
}
