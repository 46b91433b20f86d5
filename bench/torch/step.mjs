// A whole distillation step of all blocks against PyTorch: node bench/torch/step.mjs [--json] [--profile [--shapes]]
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { interleave, median, medianRatio, runAlone } from '../measure.mjs';
import { findPeer, has, KEEP_MEMORY, ownProgram, torchProgram, withFolder, withSides } from './peers.mjs';
import { profileTable } from './profile.mjs';

const PATHS = JSON.parse(readFileSync(join(import.meta.dirname, 'paths.json'))).paths;
const WARM_UP = 10;
const PUBLISHED_ROUNDS = 6;
const MOST_DIFFERENCE = 1e-3;

const OPTIONS = {
  json: { type: 'boolean' },
  /** Our backend's options, as of `dna run`: `backend.device=cuda`. */
  set: { type: 'string', multiple: true, default: [] },
  device: { type: 'string', default: 'cpu' },
  teacher: { type: 'string', default: 'efficientnet_b0' },
  batch: { type: 'string', default: '16' },
  rounds: { type: 'string', default: String(PATHS.length) },
  /** Where weights and images lie, or are put, to be used again. */
  folder: { type: 'string' },
  profile: { type: 'boolean', default: false },
  shapes: { type: 'boolean', default: false },
};

/** The settings in which PyTorch is fastest, by device, and others to compare with. */
const SETTINGS = {
  cpu: {
    torch: { environment: KEEP_MEMORY },
    stock: {},
  },
  cuda: {
    torch: { options: { 'teacher-precision': 'bfloat16', compile: true, contiguous: true } },
  },
};
const NAMES = {
  torch: "PyTorch's best",
  stock: 'PyTorch as it comes',
  published: "the published code's way",
};

/** Measures our step and PyTorch's along the same paths, from the same weights. */
export async function benchStep(options = readOptions()) {
  const peer = await findPeer(options);
  if (peer.skipped) return { bench: 'torch-step', skipped: peer.skipped, figures: [] };
  return withFolder(options.folder, async (folder) => {
    const request = { ...options, ...peer, folder };
    prepare(request);
    return withSides(programs(request), (sides) => measure(sides, request));
  });
}

function readOptions() {
  return parseArgs({ options: OPTIONS }).values;
}

function prepare({ python, folder, teacher, batch }) {
  if (has(folder, 'teacher.safetensors')) return;
  const [program, ...words] = torchProgram(python, 'step.py', { prepare: true, folder, teacher, batch });
  const { status } = spawnSync(program, words, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('step.py could not write the weights');
}

function programs({ python, folder, teacher, batch, device, set }) {
  const common = { folder, teacher, batch, device };
  const settings = { ...SETTINGS[device.split(':')[0]], published: { options: { published: true } } };
  const peers = Object.entries(settings).map(([name, { options, environment }]) => [
    name,
    { program: torchProgram(python, 'step.py', { ...common, ...options }), environment },
  ]);
  return { own: ownSide({ folder, teacher, set }), ...Object.fromEntries(peers) };
}

function ownSide(options) {
  return { program: ownProgram('own-step.mjs', options) };
}

/** All sides train along the same paths in the same order, so that their losses can be compared. */
async function measure({ published, ...joint }, { batch, rounds }) {
  const counts = await countAll(joint);
  const first = {};
  const step = (side) => (round) => side.ask({ do: 'step', path: round % PATHS.length });
  for (const [name, side] of Object.entries(joint)) {
    for (let path = 0; path < WARM_UP; path++) {
      const { losses } = await step(side)(path);
      first[name] ??= losses;
    }
  }
  const measured = await interleave(map(joint, step), Number(rounds));
  await step(published)(0);
  await step(published)(1);
  const slow = await interleave(map({ own: joint.own, published }, step), PUBLISHED_ROUNDS);
  const teacher = await teacherSeconds(joint);
  const figures = [
    ...timeFigures(measured, slow, Number(batch)),
    ...sameWorkFigures(first, counts),
    ...teacherFigures(teacher),
  ];
  return { bench: 'torch-step', figures, counts: counts.own, runs: measured, published: slow };
}

function map(sides, make) {
  return Object.fromEntries(Object.entries(sides).map(([name, side]) => [name, make(side)]));
}

async function countAll(sides) {
  const counts = {};
  for (const name of ['own', 'torch']) {
    counts[name] = [];
    for (const path of PATHS.keys()) counts[name].push(await sides[name].ask({ do: 'count', path }));
  }
  return counts;
}

const TEACHER_PASSES = 5;

async function teacherSeconds(sides) {
  const side = (child) => () => child.ask({ do: 'teach' });
  return interleave(map(sides, side), TEACHER_PASSES);
}

function timeFigures(measured, slow, batch) {
  const { own, ...peers } = measured;
  const figures = Object.entries(peers).map(([name, runs]) =>
    timeFigure(name, own, runs, { batch, target: name === 'torch' ? { most: 0.8 } : undefined }),
  );
  const published = timeFigure('published', slow.own, slow.published, { batch, target: { most: 0.3 } });
  return [...figures, published];
}

function timeFigure(name, own, runs, { batch, target }) {
  return {
    what: `distillation step of all blocks: time against ${NAMES[name]}`,
    value: medianRatio(own, runs),
    unit: '×',
    ...(target && { target }),
    detail: `${speed(own, batch)} against ${speed(runs, batch)}`,
  };
}

function speed(runs, batch) {
  const all = runs.map((run) => run.seconds);
  const [seconds, least] = [median(all), Math.min(...all)];
  return `${(1000 * seconds).toFixed(0)} ms, least ${(1000 * least).toFixed(0)} (${(batch / seconds).toFixed(1)} images/s)`;
}

function teacherFigures({ own, ...peers }) {
  return Object.entries(peers).map(([name, runs]) => ({
    what: `the teacher's pass: time against ${NAMES[name]}`,
    value: medianRatio(own, runs),
    unit: '×',
    detail: `${milliseconds(own)} against ${milliseconds(runs)}`,
  }));
}

function milliseconds(runs) {
  return `${(1000 * median(runs.map(({ seconds }) => seconds))).toFixed(1)} ms`;
}

function sameWorkFigures({ own, torch }, counts) {
  const largest = Math.max(...own.map((loss, block) => Math.abs(loss - torch[block]) / torch[block]));
  const text = (losses) => losses.map((loss) => loss.toPrecision(5)).join(' ');
  const totals = counts.own.map(({ macs }) => macs.reduce((sum, value) => sum + value, 0) / 1e6);
  const range = `${Math.min(...totals).toFixed(0)} to ${Math.max(...totals).toFixed(0)}`;
  return [
    {
      what: 'first losses of both sides: largest relative difference',
      value: largest,
      unit: '',
      target: { most: MOST_DIFFERENCE },
      detail: `${largest.toExponential(0)}: ${text(own)} against ${text(torch)}`,
    },
    {
      what: `parameters and multiply-adds of all ${counts.own.length} paths are equal`,
      value: JSON.stringify(counts.own) === JSON.stringify(counts.torch),
      unit: '',
      target: { exactly: true },
      detail: `teacher ${(counts.own[0].teacherMacs / 1e6).toFixed(0)} M multiply-adds an image, six cells ${range} M forward`,
    },
  ];
}

/** Prints where our own step's time goes. */
async function profile({ set, teacher, shapes, ...options }) {
  const peer = options.folder && has(options.folder, 'teacher.safetensors') ? {} : await findPeer({ set });
  if (peer.skipped) throw new Error(peer.skipped);
  await withFolder(options.folder, async (folder) => {
    prepare({ ...options, ...peer, folder, teacher });
    await withSides({ own: ownSide({ folder, teacher, set }) }, async ({ own }) => {
      for (let path = 0; path < WARM_UP; path++) await own.ask({ do: 'step', path });
      process.stdout.write(`${profileTable(await own.ask({ do: 'profile', shapes }))}\n`);
    });
  });
}

if (process.argv.includes('--profile')) await profile(readOptions());
else await runAlone(import.meta.url, benchStep);
