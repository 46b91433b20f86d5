// Networks that exports are tried on, and images for them; all are drawn, the same ones each time.
import { fileURLToPath } from 'node:url';
import { resolveConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins, builtInPresets } from 'dna-nas/core/plugin';
import { createJiti } from 'jiti';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PLAIN_CONVOLUTIONS = './examples/custom-search-space/space-plain-convolution.ts';
/** Odd, and wider than high. */
export const IMAGE = { height: 51, width: 64, channels: 3 };
export const CLASSES = 10;

export async function spaceOf(request) {
  const config = await resolveConfig({ project: ROOT, configFile: false, ...request });
  const run = await applyPlugins(config, { project: ROOT, main: false });
  return run.resolve('resolveSpace', 'space');
}

/** Every operation of a space has its turn in one of its networks: the drawn ones are all the same each time. */
function drawArchitecture(space, random) {
  return space.blocks.map(({ cells }) => {
    const cell = random.integer(cells.length);
    return { cell, path: cells[cell].layers.map((operations) => random.integer(operations.length)) };
  });
}

/** Weights, and statistics of batch norm as a training leaves them. */
export function trained(network, random) {
  network.initialise(random);
  for (const [name, tensor] of network.tensors()) {
    if (tensor.shape.length > 1) continue;
    const draws = random.fork('trained', name);
    const least = /running_var$|(bn\d?|norm)\.weight$/.test(name) ? 0.5 : -0.5;
    tensor.set(Float32Array.from({ length: tensor.size }, () => least + draws.uint32() / 2 ** 32));
  }
  return network;
}

/** Two networks of every preset's space, and of a space of a user's. */
export async function presetNetworks() {
  const options = { image: IMAGE, classes: CLASSES };
  const spaces = [];
  for (const preset of builtInPresets()) spaces.push([preset, await spaceOf({ preset })]);
  spaces.push(['a space of a user', await spaceOf({ preset: 'quickstart', plugins: [PLAIN_CONVOLUTIONS] })]);
  return spaces.flatMap(([name, space]) =>
    [1, 2].map((turn) => {
      const random = randomStream('onnx').fork(name, turn);
      const architecture = drawArchitecture(space, random.fork('architecture'));
      const create = () => trained(space.createNetwork(architecture, options), random);
      return { name: `${name}, network ${turn}`, turn, create };
    }),
  );
}

/** NHWC: from −1 to 1, or whole numbers of 0 to 255. */
export function drawImages(count, kind = 'values') {
  const random = randomStream('images').fork(count);
  const size = count * IMAGE.height * IMAGE.width * IMAGE.channels;
  const draw = kind === 'bytes' ? () => random.integer(256) : () => random.uint32() / 2 ** 31 - 1;
  return Float32Array.from({ length: size }, draw);
}

/** A network of each case in the tests of operations. */
export async function operationNetworks() {
  const jiti = createJiti(import.meta.url);
  const { CASES, weighed } = await jiti.import('../test/export/cases.js');
  const { FunctionNetwork } = await jiti.import('../test/export/networks.js');
  return Object.entries(CASES).flatMap(([kernel, calls]) =>
    Object.entries(calls).map(([name, call]) => ({
      name: `${kernel}: ${name}`,
      mixesAxes: true,
      create: () => new FunctionNetwork((x) => weighed(call(x))),
    })),
  );
}
