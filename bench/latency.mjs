// Is a network that is found for a measured latency faster than one that is found for multiply-adds?
// node bench/latency.mjs [RUN] [--rounds 12] [--json]. DNA_PYTHON names a Python with onnxruntime and numpy.
//
// The layers of the space are measured by onnxruntime on this machine, one thread, an image at a time. For each of some
// limits in multiply-adds, the best rated network under it is held against two that the table finds: the fastest of all
// that are rated no worse, and the best rated of all that take no longer. Networks are timed in turn in one process. RUN
// has rated its candidates; without one the quickstart is, after a twentieth of an epoch.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { builtInBackend } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { planNetwork } from 'dna-nas/core/space';
import { networkToOnnx } from 'dna-nas/export';
import { exportLatency, latenciesOf, openSpace, readFinishedTable } from 'dna-nas/latency';
import { searchRun } from 'dna-nas/run-tools';
import { median, ROOT, runAlone, tell } from './measure.mjs';
import { QuickstartProject } from './quickstart-project.mjs';

const PYTHON = process.env.DNA_PYTHON ?? 'python3';
const MODULES = 'onnxruntime, numpy';
/** Where limits are set in the range of the front's multiply-adds, from its cheapest to its best rated network. */
const SHARES = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8];

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '12' } },
});

/**
 * For each limit the network that is found for multiply-adds (`macs`), the fastest that is rated no worse (`latency`), and
 * the best rated that takes no longer (`rated`).
 */
async function findNetworks(folder, costs) {
  const ask = (query) => searchRun({ folder, costs: () => costs, ownLimits: false, top: 1, ...query });
  const { front } = await ask({ limits: {}, front: ['macs', 'rating'] });
  const { front: fast } = await ask({ limits: {}, front: ['latency', 'rating'] });
  const all = front.map((one) => one.costs.macs);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return Promise.all(
    SHARES.map(async (share) => {
      const { best: macs } = await ask({ limits: { macs: least + share * (most - least) } });
      const noWorse = fast.filter(({ rating }) => rating <= macs.rating);
      const latency = noWorse.reduce((one, other) => (other.costs.latency < one.costs.latency ? other : one));
      const { best: rated } = await ask({ limits: { latency: macs.costs.latency } });
      return { macs, latency, rated };
    }),
  );
}

function python(words, input) {
  const { status, stdout, stderr } = spawnSync(PYTHON, words, { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1));
  return stdout;
}

/** The layers' milliseconds, as `dna latency export` has them measured. */
async function measureLayers(run, folder) {
  const models = join(folder, 'layers');
  const { layers, networks } = await exportLatency({ source: run, networks: 30, output: models });
  tell(`measuring ${layers} layers and ${networks} networks in ${options.rounds} rounds`);
  const file = join(folder, 'measured.json');
  python([join(models, 'measure.py'), '--rounds', options.rounds, '--output', file]);
  return readFinishedTable(file);
}

/** Times of the networks `latency` and `macs` of each pair, taken in turn. */
async function timePairs(pairs, { space, data }, folder) {
  const written = new Map();
  const modelOf = async ({ text }) => {
    if (!written.has(text)) {
      const file = join(folder, `network-${written.size}.onnx`);
      const create = () => planNetwork(space, text).create(data).initialise(randomStream('bench'));
      writeFileSync(file, await networkToOnnx(create, { image: data.image }));
      written.set(text, file);
    }
    return written.get(text);
  };
  const cases = [];
  for (const { latency, macs } of pairs)
    cases.push({ latency: await modelOf(latency), macs: await modelOf(macs) });
  const { height, width, channels } = data.image;
  const input = JSON.stringify({ shape: [1, channels, height, width], cases });
  return JSON.parse(python([join(ROOT, 'bench', 'latency.py')], input));
}

export async function bench() {
  if (spawnSync(PYTHON, ['-c', `import ${MODULES}`]).status !== 0)
    return { bench: 'latency', skipped: `${PYTHON} has not all of ${MODULES}`, figures: [] };
  const folder = mkdtempSync(join(tmpdir(), 'dna-latency-'));
  const project = positionals[0] === undefined ? await QuickstartProject.open() : undefined;
  try {
    const run = project ? await ratedQuickstart(project) : resolve(positionals[0]);
    await (await builtInBackend('wasm')).start({ workers: 1 });
    const counted = await openSpace(run);
    const { costs, judgement } = latenciesOf(await measureLayers(run, folder), counted, 'measured.json');
    const found = await findNetworks(run, costs);
    const times = await timePairs(found, counted, folder);
    return { bench: 'latency', figures: [predicted(judgement), faster(found, times), better(found)] };
  } finally {
    project?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function predicted({ medianError, greatestError, rankCorrelation, networks }) {
  return {
    what: `median error of what layers predict for whole networks, ${networks.length} of them`,
    value: medianError,
    unit: '%',
    detail: `greatest ${(100 * greatestError).toFixed(1)} %, rank correlation ${rankCorrelation.toFixed(3)}`,
  };
}

function faster(found, times) {
  const texts = found.map(({ macs, latency }, index) => {
    const { ratio, milliseconds } = times[index];
    const one = ({ costs }, time) => `${time.toFixed(3)} ms, ${(costs.macs / 1e6).toFixed(2)} M`;
    if (macs.text === latency.text) return `${one(macs, milliseconds.macs)}: the same network`;
    return `${one(latency, milliseconds.latency)} for ${one(macs, milliseconds.macs)}: ${ratio.toFixed(2)} ×`;
  });
  const same = found.filter(({ macs, latency }) => macs.text === latency.text).length;
  return {
    what: 'time of the fastest network that is rated no worse as a multiple of the one found for multiply-adds',
    value: median(times.map(({ ratio }) => ratio)),
    unit: '×',
    detail: `the same network ${same} times of ${found.length}; ${texts.join('; ')}`,
  };
}

function better(found) {
  const ratios = found.map(({ macs, rated }) => rated.rating / macs.rating);
  return {
    what: 'rating of the best network that takes no longer as a multiple of the one found for multiply-adds',
    value: median(ratios),
    unit: '×',
    detail: ratios.map((ratio) => ratio.toFixed(3)).join(', '),
  };
}

async function ratedQuickstart(project) {
  const { folder } = await project.run({ until: 'rank', set: ['distill.epochs=0.05', 'rank.batches=2'] });
  return folder;
}

await runAlone(import.meta.url, bench);
