// One distillation step on every CPU backend that is here, beside PyTorch: node bench/torch/backends.mjs [--json]
import { parseArgs } from 'node:util';
import { interleave, runAlone, tell } from '../measure.mjs';
import { findPeer, findTorch, withFolder, withSides } from './peers.mjs';
import {
  lossFigure,
  map,
  ownSide,
  peerSides,
  prepare,
  STEP_OPTIONS,
  step,
  timeFigure,
  warmUp,
} from './step-sides.mjs';

const WARM_UP = 3;

const OPTIONS = {
  ...STEP_OPTIONS,
  /** A step on WebAssembly takes many seconds. */
  rounds: { type: 'string', default: '6' },
};

/** What each must reach of PyTorch's time; WebAssembly computes on one thread, and is measured alone. */
const TARGETS = { torch: { most: 0.8 }, cuda: { most: 0.8 }, wasm: undefined };

/** Measures the same steps from the same weights on all of them. */
export async function benchBackends(options = parseArgs({ options: OPTIONS }).values) {
  const backends = await findBackends();
  const peer = await findPeer({ set: [`backend=${'torch' in backends ? 'torch' : 'wasm'}`] });
  if (peer.skipped) return { bench: 'torch-backends', skipped: peer.skipped, figures: [] };
  return withFolder(options.folder, async (folder) => {
    const request = { ...options, ...peer, folder };
    prepare(request);
    const programs = {
      ...map(backends, (set) => ownSide({ ...request, set })),
      pytorch: peerSides(request).torch,
    };
    return withSides(programs, (sides) => measure(sides, request));
  });
}

/** Settings of the backends that work here, by name; says why another does not. */
async function findBackends() {
  const found = {};
  for (const name of Object.keys(TARGETS)) {
    const set = [`backend=${name}`, ...(name === 'wasm' ? [] : ['backend.device=cpu'])];
    const { skipped } = await findTorch(set);
    if (skipped) tell(`without ${name}: ${skipped}`);
    else found[name] = set;
  }
  return found;
}

async function measure(sides, { batch, rounds }) {
  const first = await warmUp(sides, WARM_UP);
  const runs = await interleave(map(sides, step), Number(rounds));
  const { pytorch, ...own } = runs;
  const figures = Object.entries(own).flatMap(([name, times]) => [
    timeFigure(`distillation step on ${name}: time against PyTorch's best`, times, pytorch, {
      batch: Number(batch),
      target: TARGETS[name],
    }),
    lossFigure(`first losses on ${name}: largest relative difference`, first[name], first.pytorch),
  ]);
  return { bench: 'torch-backends', figures, runs };
}

await runAlone(import.meta.url, benchBackends);
