// How ratings of blocks add up best: tau of a sum of blocks for several scales, on a fixed random half of the networks,
// on the other half and on all, and at one size. Choose on the first half, report the others.
//
//   node scripts/rating-scales.mjs SCORES.csv [SCORES.csv …]
//
// SCORES.csv is what `dna audit RUN --truth TRUTH --scores SCORES.csv` writes: it has the ratings of the blocks. Of several
// that score the same networks, as runs of several seeds do, the mean of the ratings follows.
import { kendallTau, mean, rankValues, readScores, SizeMatchedPairs } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';

const SAME_SIZE = 0.05;

/** Of one block: the same order, other distances. `distinct` are its candidates' ratings, rising; `excess` is the mean of what one is worse than its block's best. */
const SCALES = {
  plain: () => (rating) => rating,
  log: () => Math.log,
  root: () => Math.sqrt,
  'root of the excess': (distinct) => (rating) => Math.sqrt(rating - distinct[0]),
  'log of 1 and the excess': (distinct, excess) => (rating) => Math.log1p((rating - distinct[0]) / excess),
  'ranks in the block': (distinct) => (rating) => distinct.indexOf(rating) / (distinct.length - 1),
  'over the deviation': (distinct) => (rating) => rating / deviation(distinct),
  'log, over the deviation': (distinct) => (rating) => Math.log(rating) / deviation(distinct.map(Math.log)),
};

const read = process.argv.slice(2).map((file) => {
  const { scores } = readScores(file);
  if (!scores.blocks) throw new Error(`${file} has no columns rating_1, rating_2, …`);
  return [file, scores];
});
for (const [file, scores] of read) tellAll(file, scores);
if (read.length > 1) tellAll(`the mean of ${read.length}`, meanOf(read.map(([, scores]) => scores)));

function tellAll(title, scores) {
  const halves = halvesOf(scores.accuracy.length);
  console.log(`${title}: ${scores.accuracy.length} networks`);
  console.log(['scale', 'one half', 'the other', 'all', 'at one size, all'].join('\t'));
  for (const [name, scaleOf] of Object.entries(SCALES))
    tell(name, scores, halves, sumOf(scores.blocks, scaleOf));
  for (const block of scores.blocks.keys()) {
    tell(`block ${block + 1} alone`, scores, halves, scores.blocks[block]);
  }
}

function meanOf(several) {
  const [first] = several;
  const same = ({ accuracy }) =>
    accuracy.length === first.accuracy.length &&
    accuracy.every((value, row) => value === first.accuracy[row]);
  if (!several.every(same)) throw new Error('the files score different networks; expected the same ones');
  const blocks = first.blocks.map((ratings, block) =>
    ratings.map((_, row) => mean(several.map((scores) => scores.blocks[block][row]))),
  );
  return { ...first, blocks };
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
