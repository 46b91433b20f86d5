// What inherited weights are worth: networks that a search finds are trained from drawn weights and from those of the
// trained cells, side by side and for the same number of steps. With the teacher's channels between blocks
// (--borders teacher) the weights are taken as they are, with channels of their own (--borders own) cut and fitted.
//
//   node scripts/inherited.mjs [--borders teacher|own] [--seeds 3] [--distil 0.2] [--epochs 0.1,0.4] [--rates 0.15,0.05] [--backend torch]
//                              [--preset quickstart] [--set path=value ...] [--out FOLDER]
//
// A preset whose space has the teacher's channels as it is, nas-bench-macro, keeps its space, limits and rating.
//
// Goes on where it was stopped: every training is a run of its own in FOLDER/runs. Prints the tables of
// docs/results.md, and writes every training to FOLDER/inherited-weights.csv.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exportNetwork, forkRun, run } from 'dna-nas';
import { estimate } from 'dna-nas/accuracy';

const { values: options } = parseArgs({
  options: {
    borders: { type: 'string', default: 'teacher' },
    seeds: { type: 'string', default: '3' },
    distil: { type: 'string', default: '0.2' },
    epochs: { type: 'string', default: '0.1,0.4' },
    rates: { type: 'string', default: '0.15,0.05' },
    backend: { type: 'string', default: 'torch' },
    preset: { type: 'string', default: 'quickstart' },
    set: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: 'inherited-weights' },
  },
});
const ownBorders = options.borders === 'own';
const STARTS = ['scratch', ownBorders ? 'sliced' : 'inherited'];
const SETTINGS = [...settingsOf(options.preset), ...options.set];
/** A training that moves no weight. */
const STILL = { epochs: 1e-6, rate: 1e-30 };
const numbers = (text) => text.split(',').map(Number);
const project = resolve(options.out);
mkdirSync(project, { recursive: true });
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => index + 1);
const rows = [];
const assembled = [];
let lastFork = Promise.resolve();
for (const seed of seeds) {
  await search(seed);
  assembled.push(await asAssembled(seed));
}
for (const rate of numbers(options.rates))
  for (const epochs of numbers(options.epochs)) {
    for (const seed of seeds)
      rows.push(...(await Promise.all(STARTS.map((from) => train({ seed, epochs, from, rate })))));
    write();
  }
tell();
process.exit(0);

function settingsOf(preset) {
  if (preset !== 'quickstart') return [];
  const borders = ['space.borders=teacher', 'space.head=256', 'search.limits.macs=2500000'];
  return ['rank.batches=2', ...(ownBorders ? [] : borders)];
}

function requestOf(seed, set = []) {
  const own = [`seed=${seed}`, `backend=${options.backend}`, `name=seed-${seed}`, 'reports=[json]'];
  own.push(`distill.epochs=${options.distil}`);
  return { project, configFile: false, preset: options.preset, set: [...own, ...SETTINGS, ...set] };
}

async function search(seed) {
  const file = join(project, 'runs', `seed-${seed}`, 'search.json');
  if (!existsSync(file)) await run(requestOf(seed), { until: 'search' });
  const { best } = JSON.parse(readFileSync(file, 'utf8'));
  console.error(`seed ${seed}: ${best.text}, ${best.costs.macs} multiply-adds`);
}

/** Accuracy before any step. */
async function asAssembled(seed) {
  if (ownBorders) return (await train({ seed, ...STILL, from: 'sliced' })).top1;
  const { facts } = await exportNetwork({
    ...{ source: `runs/seed-${seed}`, project, weights: 'inherited', format: 'safetensors' },
    output: join(project, `seed-${seed}.safetensors`),
  });
  return 100 * facts.accuracy.top1;
}

async function train({ seed, epochs, from, rate }) {
  const settings = [
    `retrain.from=${from}`,
    `retrain.epochs=${epochs}`,
    `retrain.learningRate.rate=${rate}`,
    'retrain.networks=[found]',
  ];
  // The search with another retraining: what it has trained and rated is taken over. One fork is made after the other.
  lastFork = lastFork.then(() => forkRun(requestOf(seed, settings)));
  const summary = await run((await lastFork).request);
  const top1 = 100 * summary.networks.find(({ name }) => name === 'found').top1;
  const row = { seed, epochs, rate, from, top1: Number(top1.toFixed(2)) };
  console.error(`${JSON.stringify(row)}, load ${loadavg()[0].toFixed(1)}`);
  return row;
}

function write() {
  const names = Object.keys(rows[0]);
  const lines = rows.map((row) => names.map((name) => row[name]).join(','));
  writeFileSync(join(project, 'inherited-weights.csv'), `${[names.join(','), ...lines].join('\n')}\n`);
}

function tell() {
  const cells = (values) => `| ${values.join(' | ')} |`;
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const shown = (values) => `${mean(values).toFixed(2)} (${values.map((one) => one.toFixed(2)).join(', ')})`;
  console.log(`${availableParallelism()} cores, load ${loadavg().map((load) => load.toFixed(1))}`);
  console.log(`as assembled: ${shown(assembled)}\n`);
  console.log(cells(['epochs', 'rate', 'from scratch, %', `${STARTS[1]}, %`, 'difference, points']));
  console.log(cells(Array(5).fill('---')));
  for (const epochs of numbers(options.epochs))
    for (const rate of numbers(options.rates)) {
      const [scratch, inherited] = STARTS.map((start) =>
        rows.filter((row) => row.epochs === epochs && row.rate === rate && row.from === start),
      ).map((some) => some.map(({ top1 }) => top1));
      const { mean: middle, half } = estimate(inherited.map((one, index) => one - scratch[index]));
      const ends = half === null ? '' : ` (${(middle - half).toFixed(2)} to ${(middle + half).toFixed(2)})`;
      console.log(cells([epochs, rate, shown(scratch), shown(inherited), `${middle.toFixed(2)}${ends}`]));
    }
}
