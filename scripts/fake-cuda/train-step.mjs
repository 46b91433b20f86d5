// A program for the fake GPU: distillation steps of one block of a supernet after the teacher's features, at the sizes of
// a real run, by the plugins of a run.

import { resolveConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import { tf } from 'dna-nas/nn';
import { boundariesOf, boundaryFeatures } from 'dna-nas/nn/features';

const [architecture = 'tf_efficientnet_b0', precision = 'bf16', batch = '64'] = process.argv.slice(2);
const STEPS = 2;
const config = {
  backend: { use: 'torch', device: 'cuda', precision },
  data: 'synthetic',
  teacher: { use: 'efficientnet', architecture, weights: 'untrained' },
  partition: 'resolution',
  space: 'mbconv',
  supernet: 'multi-cell',
};
const options = { project: process.cwd(), configFile: false, preset: 'quickstart', config, set: [] };
const run = await applyPlugins(await resolveConfig(options), { project: process.cwd(), main: false });
const backend = await run.resolve('resolveBackend', 'backend');
console.log((await backend.start({ workers: 1 })).description);

const space = await run.resolve('resolveSpace', 'space');
const teacher = await (await run.resolve('resolveTeacher', 'teacher')).load();
const partition = await run.resolve('resolvePartition', 'partition');
const { description } = teacher;
const blocks = partition({ teacher: description, image: description.input, blocks: space.blocks });
const features = boundariesOf(blocks);
const supernet = await run.resolve('resolveSupernet', 'supernet');
const createStep = await run.resolve('resolveStep', 'distill');
const loss = await run.resolve('resolveLoss', 'distill.loss');
const createOptimiser = await run.resolve('resolveOptimiser', 'distill.optimiser');
const random = randomStream('fake-cuda');

const steps = blocks.map((block) => {
  const cell = supernet.createCell({ space, block, cell: 0 });
  cell.initialise(random.fork('weights', block.index));
  return createStep({
    ...{ cell, loss, optimiser: createOptimiser(), learningRate: () => 1e-3, pathsPerStep: 1 },
    // Every operation has its turn, whatever the weights are.
    sampler: ({ choices, draw }) => choices.map((count, layer) => (draw + layer) % count),
    random: random.fork('step', block.index),
  });
});
const { height, width } = description.input;
for (let step = 0; step < STEPS; step++) {
  const images = tf.zeros([Number(batch), height, width, 3]);
  const maps = boundaryFeatures(teacher, features.boundaries, images);
  for (const [at, train] of steps.entries()) {
    await train({ input: maps[features.input[at]], target: maps[features.target[at]] }, step);
  }
  tf.dispose([images, maps]);
}
console.log(`${STEPS} steps of ${steps.length} blocks with batches of ${batch}`);
