// One MBConv6 k5 layer in training against PyTorch: node bench/torch/mbconv.mjs [--json] [--all] [--profile [--shapes]]
import { parseArgs } from 'node:util';
import { interleave, median, medianRatio, runAlone } from '../measure.mjs';
import { findPeer, KEEP_MEMORY, ownProgram, torchProgram, withFolder, withSides } from './peers.mjs';
import { profileTable } from './profile.mjs';

const WARM_UP = 3;
const ROUNDS = 15;
const MOST_DIFFERENCE = 1e-3;

/** The settings of PyTorch, the best on a CPU first; those under `more` have been slower or are no float32. */
const SETTINGS = {
  torch: { environment: KEEP_MEMORY },
  stock: {},
  bfloat16: { options: { bfloat16: true }, environment: KEEP_MEMORY },
};
const MORE_SETTINGS = {
  compiled: { options: { compile: true }, environment: KEEP_MEMORY },
  contiguous: { options: { contiguous: true }, environment: KEEP_MEMORY },
};
const NAMES = {
  torch: "PyTorch's best",
  stock: 'PyTorch as it comes',
  bfloat16: 'PyTorch in bfloat16',
  compiled: 'torch.compile',
  contiguous: 'PyTorch with NCHW',
};
const PASSES = { forward: 'forward', both: 'forward + backward' };

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean' },
    /** Our backend's options, as of `dna run`. */
    set: { type: 'string', multiple: true, default: [] },
    all: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    shapes: { type: 'boolean', default: false },
  },
});

/** Measures the layer on both sides, on the same weights and input. */
export async function benchMbconv() {
  const peer = await findPeer(options);
  if (peer.skipped) return { bench: 'torch-mbconv', skipped: peer.skipped, figures: [] };
  return withFolder(undefined, async (folder) => {
    const settings = { ...SETTINGS, ...(options.all && MORE_SETTINGS) };
    const peers = Object.entries(settings).map(([name, { options: words, environment }]) => [
      name,
      { program: torchProgram(peer.python, 'mbconv.py', { folder, ...words }), environment },
    ]);
    return withSides({ own: ownSide(folder), ...Object.fromEntries(peers) }, measure);
  });
}

function ownSide(folder) {
  return { program: ownProgram('own-mbconv.mjs', { set: options.set, ...(folder && { folder }) }) };
}

async function measure(sides) {
  const [own, torch] = [await sides.own.ask({ do: 'check' }), await sides.torch.ask({ do: 'check' })];
  const runs = {};
  for (const pass of Object.keys(PASSES)) {
    const entries = Object.entries(sides).map(([name, side]) => [name, () => side.ask({ do: pass })]);
    await interleave(Object.fromEntries(entries), WARM_UP);
    runs[pass] = await interleave(Object.fromEntries(entries), ROUNDS);
  }
  const figures = Object.entries(runs).flatMap(([pass, measured]) => passFigures(pass, measured));
  return { bench: 'torch-mbconv', figures: [...figures, sameWorkFigure(own, torch)], runs };
}

function passFigures(pass, { own, ...peers }) {
  return Object.entries(peers).map(([name, runs]) => ({
    what: `MBConv6 k5 training, ${PASSES[pass]}: time against ${NAMES[name]}`,
    value: medianRatio(own, runs),
    unit: '×',
    ...(name === 'torch' && { target: { most: 1 } }),
    detail: `${milliseconds(own)} against ${milliseconds(runs)}`,
  }));
}

function milliseconds(runs) {
  return `${(1000 * median(runs.map(({ seconds }) => seconds))).toFixed(1)} ms`;
}

function sameWorkFigure(own, torch) {
  const names = Object.keys(torch);
  const differences = names.map((name) => Math.abs(own[name] - torch[name]) / torch[name]);
  const largest = Math.max(...differences);
  return {
    what: 'output and gradients: largest relative difference of a sum of squares',
    value: largest,
    unit: '',
    target: { most: MOST_DIFFERENCE },
    detail: `${largest.toExponential(0)}, at ${names[differences.indexOf(largest)]}, of ${names.length} tensors`,
  };
}

/** Prints where our own layer's time goes. */
async function profile() {
  await withSides({ own: ownSide() }, async ({ own }) => {
    for (let run = 0; run < WARM_UP; run++) await own.ask({ do: 'both' });
    process.stdout.write(`${profileTable(await own.ask({ do: 'profile', shapes: options.shapes }))}\n`);
  });
}

if (options.profile) await profile();
else await runAlone(import.meta.url, benchMbconv);
