// Two worker threads against one on the quickstart's distillation, cut short: node bench/workers.mjs [--json]
import { median, medianRatio, runAlone } from './measure.mjs';
import { compareDistillations, resultsHash, share } from './quickstart-project.mjs';

/** Measures the speedup, where the time of both workers went, and that the weights are the same bits. */
export function benchWorkers() {
  const sides = { one: 'workers=1', two: 'workers=2' };
  return compareDistillations({ bench: 'workers', epochs: 0.1, sides, figures });
}

function figures({ one, two }) {
  const seconds = (runs) => median(runs.map((run) => run.seconds)).toFixed(1);
  const got = median(two.map(({ ownCores }) => ownCores)).toFixed(2);
  const shareOf = (entry) => median(two.map((run) => share(run, entry, 2)));
  const hashes = new Set([...one, ...two].map(resultsHash));
  return [
    {
      what: 'distillation, two workers: speedup over one',
      value: medianRatio(one, two),
      unit: '×',
      target: { least: 1.6 },
      detail: `${seconds(one)} s with one, ${seconds(two)} s with two, which got ${got} cores`,
    },
    {
      what: 'same weights with one and two workers',
      value: hashes.size === 1,
      unit: '',
      target: { exactly: true },
    },
    { what: "two workers: the teacher's share of their time", value: shareOf('distill.teacher'), unit: '%' },
    { what: 'two workers: share of training', value: shareOf('distill.train'), unit: '%' },
    { what: 'two workers: share of waiting for each other', value: shareOf('distill.wait'), unit: '%' },
  ];
}

await runAlone(import.meta.url, benchWorkers);
