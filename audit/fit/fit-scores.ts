import { type RandomStream, randomStream } from 'dna-nas/core';
import type { Scores } from '../scores/scores.js';
import {
  type Interval,
  kendallTau,
  percentileInterval,
  type Ranked,
  rankValues,
} from '../statistics/index.js';
import { fitToRanks } from './fit-weights.js';

/** What weights are fitted to: the blocks' ratings, or what a network's sizes tell without any rating. */
export type FittedName = 'rating' | 'sizes';

/** How well a weighted sum orders the networks that its weights were not fitted to. */
export interface Fit {
  /** Trained networks that the weights are fitted to, each with one training. */
  readonly networks: number;
  readonly predictors: Readonly<Record<FittedName, FittedTau>>;
  /** Times that the networks were drawn. */
  readonly draws: number;
}

export interface FittedTau {
  /** Tau-b with the accuracy of the networks left, the mean over the draws. */
  readonly kendallTau: number;
  /** Where 95 % of the draws lie: what one who trains so many networks gets. */
  readonly interval: Interval;
}

export interface FitOptions {
  /** Numbers of networks to fit to. */
  readonly networks: readonly number[];
  /** @default 200 */
  readonly draws?: number;
  /** @default 0 */
  readonly seed?: number;
}

const DRAWS = 200;

/**
 * What a few trained networks are worth: weights of the blocks are fitted to the ranks of their accuracies (the idea of
 * DONNA, arXiv 2012.08859, with ranks in the place of accuracies, and without its second-order terms), and all other
 * networks are ordered by the weighted sum. Multiply-adds and depth are fitted to the same networks.
 */
export function fitScores(scores: Scores, { networks, draws = DRAWS, seed = 0 }: FitOptions): Fit[] {
  if (!scores.blocks)
    throw new RangeError('Weights are fitted to the ratings of blocks, and these scores have none.');
  const random = randomStream(seed).fork('fit');
  const { macs, depth } = scores.costs;
  const columns: Record<FittedName, readonly Float64Array[]> = {
    rating: scores.blocks.map((block) => block.map((value) => -value)),
    sizes: depth ? [macs, depth] : [macs],
  };
  const accuracy = rankValues(scores.accuracy);
  return networks.map((count) => {
    const taus: Record<FittedName, number[]> = { rating: [], sizes: [] };
    for (let draw = 0; draw < draws; draw++) {
      const drawn = drawTrainings(scores, count, random.fork(count, draw));
      for (const name of ['rating', 'sizes'] as const)
        taus[name].push(tauOfOthers(columns[name], accuracy, drawn));
    }
    return {
      networks: count,
      predictors: { rating: summary(taus.rating), sizes: summary(taus.sizes) },
      draws,
    };
  });
}

/** Networks, and what one training of each reached. */
interface Trained {
  readonly rows: Int32Array;
  readonly accuracy: Float64Array;
}

function drawTrainings({ accuracy, seeds }: Scores, count: number, random: RandomStream): Trained {
  const rows = Int32Array.from(random.permutation(accuracy.length).slice(0, count));
  const training = () => (seeds.length > 0 ? seeds[random.integer(seeds.length)]! : accuracy);
  return { rows, accuracy: Float64Array.from(rows, (row) => training()[row]!) };
}

function tauOfOthers(
  columns: readonly Float64Array[],
  accuracy: Ranked,
  { rows, accuracy: reached }: Trained,
): number {
  const given = columns.map((column) => Float64Array.from(rows, (row) => column[row]!));
  const weights = fitToRanks(given, reached);
  const others = new Int32Array(accuracy.ranks.length).fill(1);
  for (const row of rows) others[row] = 0;
  const sums = weightedSums(columns, weights);
  const tau = kendallTau(rankValues(sums), accuracy, others);
  // Weights of 0 order nothing.
  return Number.isFinite(tau) ? tau : 0;
}

function weightedSums(columns: readonly Float64Array[], weights: Float64Array): Float64Array {
  return columns[0]!.map((_, row) =>
    columns.reduce((sum, column, at) => sum + weights[at]! * column[row]!, 0),
  );
}

function summary(taus: readonly number[]): FittedTau {
  return {
    kendallTau: taus.reduce((sum, tau) => sum + tau, 0) / taus.length,
    interval: percentileInterval(taus),
  };
}
