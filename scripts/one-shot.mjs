// What distillation has to beat: a one-shot supernet that learns labels (SPOS, Guo et al. 2020, arXiv 1904.00420), whose
// ratings are written as a table for `dna audit`.
//
//   node scripts/one-shot.mjs PRESET TRUTH.csv --epochs 5 --networks 400 --out FOLDER [--set backend=torch] [--set seed=2]
//
// One supernet of all blocks and one head are trained by the preset's own retraining recipe, a path a step, drawn as the
// preset's supernet draws them. Then each network is that supernet along its path, with batch norm's statistics
// recomputed; its rating is the cross-entropy on held-out images. For spaces with one cell a block.
import { parseArgs } from 'node:util';
import { openWorld } from 'dna-nas/core/run';
import { depthOf } from 'dna-nas/core/space';
import { CALIBRATE, EVALUATE, tf } from 'dna-nas/nn';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { BatchOrder, KeptStatistics, ReadAhead } from 'dna-nas/nn/training';
import { drawNetworks, openPreset, tellScores } from './scored-networks.mjs';

const RATE = { calibrationBatches: 2, batches: 10, batch: 125 };
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    epochs: { type: 'string', default: '5' },
    networks: { type: 'string', default: '400' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [preset, truth] = positionals;
const run = await openPreset(preset, options.set);
const world = await openWorld(run);
const { space, dataset, data, random } = world;
if (space.blocks.some(({ cells }) => cells.length > 1))
  throw new Error(`${preset} has blocks of several cells.`);

const supernet = openSupernet();
await train(Number(options.epochs));
const batches = {
  calibrate: await read('train', RATE.calibrationBatches),
  rate: await read('validation', RATE.batches),
};
const began = performance.now();
const networks = drawNetworks(truth, space, Number(options.networks));
const measured = networks.map(({ architecture, accuracy, text }, index) => {
  if (index % 50 === 49) tell(`${index + 1} networks rated`, began);
  const network = space.createNetwork(architecture, { image: data.image, classes: data.classes });
  const cost = network.cost(data.image);
  network.dispose();
  const rating = rate(architecture.map(({ path }) => path));
  return { text, accuracy, ...cost, depth: depthOf(space, architecture), 'one-shot': -rating };
});
tellScores(measured, ['one-shot'], options.out);
process.exit(0);

/** A cell a block and what follows the last block of the space's networks, all of them drawn. */
function openSupernet() {
  const cells = world.blocks.map((block, index) => {
    const cell = world.supernet.createCell({ space, block, cell: 0 });
    cell.initialise(random.fork('one-shot', index));
    return cell;
  });
  const first = space.blocks.map(({ cells: [cell] }) => ({ cell: 0, path: cell.layers.map(() => 0) }));
  const network = space.createNetwork(first, { image: data.image, classes: data.classes });
  network.initialise(random.fork('one-shot', 'head'));
  const stage = network.stageShapes(data.image).length - 1;
  return {
    choices: cells.map((cell) => cell.choices),
    tensors(paths) {
      const parts = cells.map((cell, index) => [index, cell.pathTensors(paths[index])]);
      return new Map(
        [...parts, ['head', network.tensorsBehind(stage)]].flatMap(([part, all]) =>
          [...all].map(([name, tensor]) => [`${part}/${name}`, tensor]),
        ),
      );
    },
    forward(images, paths, context) {
      const map = cells.reduce((x, cell, index) => cell.forward(x, paths[index], context), images);
      return network.forwardFrom(map, context, stage);
    },
  };
}

async function train(epochs) {
  const { batch } = run.config.values.retrain;
  const order = new BatchOrder(random.fork('one-shot', 'order'), data.size.train, batch);
  const steps = order.steps(epochs);
  const schedule = await run.resolve('resolveSchedule', 'retrain.learningRate');
  const learningRate = schedule({ steps, stepsPerEpoch: order.stepsPerEpoch });
  const optimiser = (await run.resolve('resolveOptimiser', 'retrain.optimiser'))();
  const sample = await run.resolve('resolveSampler', 'supernet.sampler');
  const streams = supernet.choices.map((_, index) => random.fork('one-shot', 'paths', index));
  const augment = random.fork('one-shot', 'augment');
  const request = (step) => ({ indices: order.indices(step), options: { augment: augment.fork(step) } });
  const reader = new ReadAhead(dataset, { split: 'train', request, end: steps });
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const { images, labels } = tensorsOf(await reader.take(step));
    const paths = supernet.choices.map((choices, index) =>
      sample({ choices, draw: step, random: streams[index] }),
    );
    const parameters = new Map([...supernet.tensors(paths)].filter(([, { role }]) => role === 'parameter'));
    const context = { mode: 'train', random: random.fork('one-shot', 'draws', step) };
    const found = gradients(
      () => tf.losses.softmaxCrossEntropy(labels, supernet.forward(images, paths, context)),
      parameters,
    );
    optimiser.step(parameters, found.gradients, learningRate(step));
    if (step % 50 === 49)
      tell(`step ${step + 1} of ${steps}, loss ${found.value.dataSync()[0].toFixed(3)}`, started);
    disposeGradients(found);
    tf.dispose([images, labels]);
  }
}

/** Cross-entropy along some paths, with the statistics of batch norm of these paths. */
function rate(paths) {
  const buffers = [...supernet.tensors(paths).values()].filter(({ role }) => role === 'buffer');
  const statistics = new KeptStatistics();
  for (const { images } of batches.calibrate) {
    tf.tidy(() => void supernet.forward(images, paths, CALIBRATE));
    statistics.add(buffers);
  }
  statistics.restore(buffers);
  statistics.dispose();
  const losses = batches.rate.map(({ images, labels }) =>
    tf.tidy(
      () => tf.losses.softmaxCrossEntropy(labels, supernet.forward(images, paths, EVALUATE)).dataSync()[0],
    ),
  );
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

async function read(split, count) {
  const order = new BatchOrder(random.fork('one-shot', split), data.size[split], RATE.batch);
  const all = [];
  for (let index = 0; index < count; index++)
    all.push(tensorsOf(await dataset.read(split, order.indices(index))));
  return all;
}

function tensorsOf({ images, labels }) {
  const { height, width, channels } = data.image;
  return {
    images: tf.tensor4d(images, [labels.length, height, width, channels]),
    labels: tf.tidy(() => tf.oneHot(tf.tensor1d(Array.from(labels), 'int32'), data.classes)),
  };
}

function tell(text, start) {
  console.error(`${text}, ${((performance.now() - start) / 1000).toFixed(0)} s`);
}
