// A whole distillation step of all blocks against PyTorch: node bench/torch/step.mjs [--json] [--profile [--shapes]]
import { parseArgs } from 'node:util';
import { interleave, median, medianRatio, runAlone } from '../measure.mjs';
import { findPeer, has, withFolder, withSides } from './peers.mjs';
import { profileTable } from './profile.mjs';
import {
  lossFigure,
  map,
  ownSide,
  PATHS,
  peerSides,
  prepare,
  STEP_OPTIONS,
  step,
  timeFigure,
  warmUp,
} from './step-sides.mjs';

const WARM_UP = 10;
const PUBLISHED_ROUNDS = 6;

const OPTIONS = {
  ...STEP_OPTIONS,
  /** Our backend's options, as of `dna run`: `backend.device=cuda`. */
  set: { type: 'string', multiple: true, default: [] },
  rounds: { type: 'string', default: String(PATHS.length) },
  profile: { type: 'boolean', default: false },
  shapes: { type: 'boolean', default: false },
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
    const programs = { own: ownSide(request), ...peerSides(request) };
    return withSides(programs, (sides) => measure(sides, request));
  });
}

function readOptions() {
  return parseArgs({ options: OPTIONS }).values;
}

/** All sides train along the same paths in the same order, so that their losses can be compared. */
async function measure({ published, ...joint }, { batch, rounds }) {
  const counts = await countAll(joint);
  const first = await warmUp(joint, WARM_UP);
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
  const figure = (name, runs, peer, target) =>
    timeFigure(`distillation step of all blocks: time against ${NAMES[name]}`, runs, peer, { batch, target });
  return [
    ...Object.entries(peers).map(([name, runs]) =>
      figure(name, own, runs, name === 'torch' ? { most: 0.8 } : undefined),
    ),
    figure('published', slow.own, slow.published, { most: 0.3 }),
  ];
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
  const totals = counts.own.map(({ macs }) => macs.reduce((sum, value) => sum + value, 0) / 1e6);
  const range = `${Math.min(...totals).toFixed(0)} to ${Math.max(...totals).toFixed(0)}`;
  return [
    lossFigure('first losses of both sides: largest relative difference', own, torch),
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
