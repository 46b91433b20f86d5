import { onceEach, type Ranked, type Weights } from './ranked.js';

/** Spearman's rho: the correlation of ranks, ties by the mean of theirs. NaN where all of x or y is tied. */
export function spearmanRho(x: Ranked, y: Ranked, weights: Weights = onceEach(x.ranks.length)): number {
  return correlation(meanRanks(x, weights), meanRanks(y, weights), weights);
}

/** Each value's rank among all, less ½; equal values have the mean of theirs. */
function meanRanks({ ranks, distinct }: Ranked, weights: Weights): Float64Array {
  const at = new Float64Array(distinct);
  for (let i = 0; i < ranks.length; i++) at[ranks[i]!]! += weights[i]!;
  let below = 0;
  for (let rank = 0; rank < distinct; rank++) {
    const own = at[rank]!;
    at[rank] = below + own / 2;
    below += own;
  }
  const means = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) means[i] = at[ranks[i]!]!;
  return means;
}

/** Pearson's, of ranks: their mean is half of the weights' sum. */
function correlation(a: Float64Array, b: Float64Array, weights: Weights): number {
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const left = a[i]! - mean;
    const right = b[i]! - mean;
    const weight = weights[i]!;
    ab += weight * left * right;
    aa += weight * left * left;
    bb += weight * right * right;
  }
  return ab / Math.sqrt(aa * bb);
}
