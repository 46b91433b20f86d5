// Times an audit of a table as large as the largest benchmarks: `node bench/audit.mjs [--json]`. One thread; the
// networks, three trainings each, are drawn by a seed.
import { performance } from 'node:perf_hooks';
import { auditScores } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import { runAlone } from './measure.mjs';

const NETWORKS = 35_000;

/** Sizes spread as those of a space of stages, ratings that follow the quality with noise, whole-number depths. */
function drawScores(networks) {
  const random = randomStream('bench').fork('audit');
  const normal = () => Float64Array.from({ length: networks }, () => random.normal());
  const [quality, noise, size, other] = [normal(), normal(), normal(), normal()];
  const accuracy = quality.map((value) => 0.7 + 0.02 * value);
  const latent = quality.map((value, index) => value + 1.5 * size[index]);
  return {
    rating: quality.map((value, index) => -(value + noise[index])),
    accuracy,
    seeds: [1, 2, 3].map(() => normal().map((value, index) => accuracy[index] + 0.002 * value)),
    costs: {
      macs: latent.map((value) => Math.round(5e7 * Math.exp(0.25 * value))),
      params: other.map((value) => Math.round(1e6 * Math.exp(0.3 * value))),
      depth: latent.map((value) => Math.max(1, Math.round(5 + 1.3 * value))),
    },
  };
}

export async function bench() {
  const scores = drawScores(NETWORKS);
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  const audit = auditScores(scores);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return {
    bench: 'audit',
    figures: [
      {
        what: `audit of ${NETWORKS} networks, three trainings each: processor time`,
        // One thread: what it would take with a core of its own, whatever else runs.
        value: (user + system) / 1e6,
        unit: 's',
        target: { most: 60 },
        detail: `${audit.resamples} resamples of networks and as many of trainings, ${audit.sizeMatchedPairs} pairs of one size, ${seconds.toFixed(0)} s until it was done`,
      },
    ],
  };
}

await runAlone(import.meta.url, bench);
