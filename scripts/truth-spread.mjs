// How far apart the networks of a truth are, and how far trainings of one network: whether its best and worst can be
// told apart at all. For truths with several seeds.
//
//   node scripts/truth-spread.mjs TRUTH.csv [--macs-from LEAST] [--macs-to MOST] [--found FOUND.csv]
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'csv-parse/sync';
import { percentileInterval } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';

const RESAMPLES = 2000;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { found: { type: 'string' }, 'macs-from': { type: 'string' }, 'macs-to': { type: 'string' } },
});
const [least, most] = [options['macs-from'] ?? 0, options['macs-to'] ?? Number.POSITIVE_INFINITY].map(Number);
const networks = read(positionals[0]).filter(({ macs }) => macs >= least && macs <= most);

console.log(
  `${networks.length} networks, ${networks[0].trainings.length} trainings each; points of accuracy, [95 % intervals over networks]`,
);
for (const [what, measure] of Object.entries({
  'mean of all networks': ({ all }) => all,
  'standard deviation between networks': ({ between }) => between,
  'standard deviation between trainings of one': ({ within }) => within,
  'F of the two (1: all networks alike)': ({ f }) => f,
  'best by one training, by the others, above the mean': ({ best }) => best,
  'worst by one training, by the others, above the mean': ({ worst }) => worst,
}))
  console.log(`${what.padEnd(54)} ${withInterval(measure)}`);
for (const { accuracy, macs } of options.found ? read(options.found) : []) {
  const below = networks.filter((network) => mean(network.trainings) < accuracy).length;
  const { all } = spread(networks);
  console.log(
    `found, ${macs} multiply-adds: ${accuracy.toFixed(2)} %, ${(accuracy - all).toFixed(2)} from the mean, above ${below} of ${networks.length}`,
  );
}

function read(file) {
  return parse(readFileSync(file), { columns: true, comment: '#', comment_no_infix: true }).map((row) => ({
    macs: Number(row.macs),
    accuracy: 100 * Number(row.accuracy),
    trainings: Object.keys(row)
      .filter((name) => /^accuracy_\d+$/.test(name))
      .map((name) => 100 * Number(row[name])),
  }));
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** One-way analysis of variance: trainings are repeated measures of their network. */
function spread(drawn) {
  const trainings = drawn[0].trainings.length;
  const means = drawn.map((network) => mean(network.trainings));
  const all = mean(means);
  const squares = (values, centre) => values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const inner = drawn.reduce((sum, network, index) => sum + squares(network.trainings, means[index]), 0);
  const within = inner / (drawn.length * (trainings - 1));
  const outer = (trainings * squares(means, all)) / (drawn.length - 1);
  const between = Math.max(0, (outer - within) / trainings);
  const ends = [Math.max, Math.min].map((pick) => chosen(drawn, pick));
  return {
    all,
    within: Math.sqrt(within),
    between: Math.sqrt(between),
    f: outer / within,
    best: ends[0],
    worst: ends[1],
  };
}

/** Chosen by each training in turn and measured by the others, so that luck in one is no merit. */
function chosen(drawn, pick) {
  return mean(
    drawn[0].trainings.map((_, seed) => {
      const others = drawn.map(({ trainings }) => mean(trainings.filter((_, other) => other !== seed)));
      const value = pick(...drawn.map(({ trainings }) => trainings[seed]));
      const index = drawn.findIndex(({ trainings }) => trainings[seed] === value);
      return others[index] - mean(others);
    }),
  );
}

function withInterval(measure) {
  const random = randomStream(0).fork('truth spread');
  const replicates = Array.from({ length: RESAMPLES }, (_, index) => {
    const stream = random.fork(index);
    return measure(spread(networks.map(() => networks[stream.integer(networks.length)])));
  });
  const [low, high] = percentileInterval(Float64Array.from(replicates));
  return `${measure(spread(networks)).toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}
