// How ratings of blocks add up best: tau of a sum of blocks for several scales, on a fixed random half of the networks,
// on the other half and on all, and at one size. Choose on the first half, report the others.
//
//   node scripts/rating-scales.mjs SCORES.csv [SCORES.csv …]
//
// SCORES.csv is what `dna audit RUN --truth TRUTH --scores SCORES.csv` writes: it has the ratings of the blocks.
import { kendallTau, mean, rankValues, readScores, SizeMatchedPairs } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';

const SAME_SIZE = 0.05;

/** Of one block: the same order, other distances. `distinct` are its candidates' ratings, rising; `excess` is the mean of what one is worse than its block's best. */
const SCALES = {
  plain: () => (rating) => rating,
  log: () => Math.log,
  root: () => Math.sqrt,
  'log of 1 and the excess': (distinct, excess) => (rating) => Math.log1p((rating - distinct[0]) / excess),
  'ranks in the block': (distinct) => (rating) => distinct.indexOf(rating) / (distinct.length - 1),
  'over the deviation': (distinct) => (rating) => rating / deviation(distinct),
  'log, over the deviation': (distinct) => (rating) => Math.log(rating) / deviation(distinct.map(Math.log)),
};

for (const file of process.argv.slice(2)) {
  const { scores } = readScores(file);
  if (!scores.blocks) throw new Error(`${file} has no columns rating_1, rating_2, …`);
  const halves = halvesOf(scores.rating.length);
  console.log(`${file}: ${scores.rating.length} networks`);
  console.log(['scale', 'one half', 'the other', 'all', 'at one size, all'].join('\t'));
  for (const [name, scaleOf] of Object.entries(SCALES))
    tell(name, scores, halves, sumOf(scores.blocks, scaleOf));
  for (const block of scores.blocks.keys()) {
    tell(`block ${block + 1} alone`, scores, halves, scores.blocks[block]);
  }
}

function halvesOf(networks) {
  const order = randomStream(0).fork('halves').permutation(networks);
  const half = (from, to) => {
    const weights = new Int32Array(networks);
    for (const network of order.slice(from, to)) weights[network] = 1;
    return weights;
  };
  const middle = networks >> 1;
  return [half(0, middle), half(middle, networks), half(0, networks)];
}

function sumOf(blocks, scaleOf) {
  const distinct = blocks.map((ratings) => [...new Set(ratings)].sort((a, b) => a - b));
  const excess = mean(distinct.map((ratings) => mean(ratings) - ratings[0]));
  const scaled = blocks.map((ratings, block) => ratings.map(scaleOf(distinct[block], excess)));
  return scaled[0].map((_, row) => scaled.reduce((sum, block) => sum + block[row], 0));
}

function tell(name, { accuracy, costs }, halves, rating) {
  const [predicted, reached] = [rankValues(rating.map((value) => -value)), rankValues(accuracy)];
  const taus = halves.map((weights) => kendallTau(predicted, reached, weights));
  const matched = new SizeMatchedPairs(costs.macs, SAME_SIZE).tau(predicted, reached);
  console.log([name, ...[...taus, matched].map((tau) => tau.toFixed(3))].join('\t'));
}

function deviation(values) {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
