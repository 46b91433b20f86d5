// Trains a cell in float32 and writes it to FILE, or reads it there; then rates paths in the precision asked for.
// Usage: node rate-paths.mjs float32|bf16 FILE PATHS; prints the ratings as JSON.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolveConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { readSafetensors, toStateDict, writeSafetensors } from 'dna-nas/files';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { boundariesOf, boundaryFeatures } from 'dna-nas/nn/features';
import { relativeL1 } from 'dna-nas/nn/ops';
import { loadStateDict, stateDict } from 'dna-nas/nn/weights';

const [precision, file, paths] = process.argv.slice(2);
const BLOCK = 1;
const STEPS = 200;
const PATHS = Number(paths);

const oneCell = (stride, channels) => ({ stride, cells: [{ layers: 4, channels }] });
const config = {
  backend: { use: 'torch', device: 'cpu', threads: 1, precision },
  space: { blocks: [oneCell(2, 8), oneCell(1, 16), oneCell(2, 32)] },
};
const request = { configFile: false, preset: 'quickstart', config };
const run = await applyPlugins(await resolveConfig(request), { project: process.cwd(), main: false });
const backend = await run.resolve('resolveBackend', 'backend');
await backend.start({ workers: 1 });

const space = await run.resolve('resolveSpace', 'space');
const teacher = await (await run.resolve('resolveTeacher', 'teacher')).load();
const partition = await run.resolve('resolvePartition', 'partition');
const { description } = teacher;
const blocks = partition({ teacher: description, image: description.input, blocks: space.blocks });
const supernet = await run.resolve('resolveSupernet', 'supernet');
const cell = supernet.createCell({ space, block: blocks[BLOCK], cell: 0 });
cell.initialise(randomStream('rate paths').fork('initialise'));
const dataset = await (await run.resolve('resolveData', 'data')).open();
const random = randomStream('rate paths').fork('paths');

/** Features at the block's input and output of `count` training images from `first` on. */
async function features(first, count) {
  const indices = Array.from({ length: count }, (_, index) => (first + index) % 5000);
  const { images } = await dataset.read('train', indices, {});
  const { height, width, channels } = description.input;
  const { boundaries, input, target } = boundariesOf(blocks);
  const batch = tf.tensor4d(images, [count, height, width, channels]);
  const maps = boundaryFeatures(teacher, boundaries, batch);
  batch.dispose();
  return { input: maps[input[BLOCK]], target: maps[target[BLOCK]] };
}

async function train() {
  const createStep = await run.resolve('resolveStep', 'distill');
  const step = createStep({
    cell,
    loss: await run.resolve('resolveLoss', 'distill.loss'),
    sampler: await run.resolve('resolveSampler', 'supernet'),
    optimiser: (await run.resolve('resolveOptimiser', 'distill.optimiser'))(),
    learningRate: () => 0.005,
    pathsPerStep: 1,
    random: randomStream('rate paths').fork('train'),
  });
  for (let index = 0; index < STEPS; index++) await step(await features(index * 32, 32), index);
}

function rate(path, { input, target }) {
  return tf.tidy(() => {
    const y = path.reduce(
      (x, operation, layer) => cell.layer(layer, operation, x, CALIBRATE),
      cell.entrance(input, CALIBRATE),
    );
    return relativeL1(y, target).dataSync()[0];
  });
}

if (existsSync(file)) {
  loadStateDict(cell, toStateDict(readSafetensors(readFileSync(file))));
} else {
  await train();
  writeFileSync(file, writeSafetensors(stateDict(cell)));
}
const batch = await features(40_000, 128);
const order = random.permutation(4 ** 4).slice(0, PATHS);
const ratings = [...order].map((number) => {
  const path = [0, 1, 2, 3].map((layer) => Math.floor(number / 4 ** layer) % 4);
  return rate(path, batch);
});
console.log(JSON.stringify(ratings));
