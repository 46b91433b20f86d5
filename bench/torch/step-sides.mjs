// What the benches of a whole distillation step share: the weights, the sides' programs, and how their times are told.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, medianRatio } from '../measure.mjs';
import { has, KEEP_MEMORY, ownProgram, torchProgram } from './peers.mjs';

/** Along which all sides train, in this order, so that their losses can be compared. */
export const PATHS = JSON.parse(readFileSync(join(import.meta.dirname, 'paths.json'))).paths;

const MOST_DIFFERENCE = 1e-3;

/** What a bench of the step may be told. */
export const STEP_OPTIONS = {
  json: { type: 'boolean' },
  device: { type: 'string', default: 'cpu' },
  teacher: { type: 'string', default: 'efficientnet_b0' },
  batch: { type: 'string', default: '16' },
  /** Where weights and images lie, or are put, to be used again. */
  folder: { type: 'string' },
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

/** Writes weights and images, unless they are there. */
export function prepare({ python, folder, teacher, batch }) {
  if (has(folder, 'teacher.safetensors')) return;
  const [program, ...words] = torchProgram(python, 'step.py', { prepare: true, folder, teacher, batch });
  const { status } = spawnSync(program, words, { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('step.py could not write the weights');
}

/** PyTorch's sides by name: `torch`, its best; perhaps `stock`; `published`. */
export function peerSides({ python, folder, teacher, batch, device }) {
  const common = { folder, teacher, batch, device };
  const settings = { ...SETTINGS[device.split(':')[0]], published: { options: { published: true } } };
  return map(settings, ({ options, environment }) => ({
    program: torchProgram(python, 'step.py', { ...common, ...options }),
    environment,
  }));
}

/** Our side, with a run's settings. */
export function ownSide({ folder, teacher, set }) {
  return { program: ownProgram('own-step.mjs', { folder, teacher, set }) };
}

/** A step of a side in a round. */
export const step = (side) => (round) => side.ask({ do: 'step', path: round % PATHS.length });

/** Some steps of each side. Returns the losses of the first ones by side. */
export async function warmUp(sides, steps) {
  const first = {};
  for (const [name, side] of Object.entries(sides)) {
    for (let path = 0; path < steps; path++) {
      const { losses } = await step(side)(path);
      first[name] ??= losses;
    }
  }
  return first;
}

/** An object of the same names. */
export function map(values, make) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
}

/** One side's time as a multiple of another's. */
export function timeFigure(what, own, runs, { batch, target }) {
  return {
    what,
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

/** Whether two sides' first losses agree. */
export function lossFigure(what, own, peer) {
  const largest = Math.max(...own.map((loss, block) => Math.abs(loss - peer[block]) / peer[block]));
  const text = (losses) => losses.map((loss) => loss.toPrecision(5)).join(' ');
  return {
    what,
    value: largest,
    unit: '',
    target: { most: MOST_DIFFERENCE },
    detail: `${largest.toExponential(0)}: ${text(own)} against ${text(peer)}`,
  };
}
