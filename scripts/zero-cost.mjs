// What distillation has to beat: scores of networks that nobody has trained, as tables for `dna audit`.
//
//   node scripts/zero-cost.mjs PRESET TRUTH.csv --networks 400 --out FOLDER [--set backend=torch]
//
// `synflow` (Tanaka et al. 2020, arXiv 2006.05467): all weights positive, an image of ones, batch norm by its first
// statistics; the sum over the parameters of value times gradient of the sum of the outputs, its logarithm.
// `gradient-norm` (Abdelfattah et al. 2021, arXiv 2101.08134): the norm of the loss's gradient on one batch of training
// images, batch norm by that batch. `random`: drawn. Higher is better in all of them, so that a rating is turned round.
import { parseArgs } from 'node:util';
import { randomStream } from 'dna-nas/core';
import { depthOf } from 'dna-nas/core/space';
import { EVALUATE, tf } from 'dna-nas/nn';
import { disposeGradients, gradients } from 'dna-nas/nn/optimisers';
import { BatchOrder } from 'dna-nas/nn/training';
import { drawNetworks, openPreset, tellScores } from './scored-networks.mjs';

const BATCH = 64;
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: 'string', default: '400' },
    out: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
  },
});
const [preset, truth] = positionals;
const run = await openPreset(preset, options.set);
const space = await run.resolve('resolveSpace', 'space');
const dataset = await (await run.resolve('resolveData', 'data')).open();
const { image, classes, size } = dataset.description;
const networks = drawNetworks(truth, space, Number(options.networks));
const batch = await dataset.read('train', new BatchOrder(randomStream(0), size.train, BATCH).indices(0));
const shape = [image.height, image.width, image.channels];
const images = tf.tensor4d(batch.images, [BATCH, ...shape]);
const ones = tf.ones([1, ...shape]);
const labels = tf.oneHot(tf.tensor1d(Array.from(batch.labels), 'int32'), classes);

const began = performance.now();
const measured = networks.map(({ architecture, accuracy, text }, index) => {
  const network = space.createNetwork(architecture, { image, classes });
  network.initialise(randomStream(1).fork('zero-cost'));
  try {
    if (index % 50 === 49)
      console.error(`${index + 1} networks, ${((performance.now() - began) / 1000).toFixed(0)} s`);
    const cost = network.cost(image);
    return {
      ...{ text, accuracy, ...cost, depth: depthOf(space, architecture) },
      'gradient-norm': gradientNorm(network),
      synflow: synflow(network),
      random: randomStream(0).fork('random', text).uniform(),
    };
  } finally {
    network.dispose();
  }
});
tellScores(measured, ['synflow', 'gradient-norm', 'random'], options.out);
process.exit(0);

function gradientNorm(network) {
  const loss = () => tf.losses.softmaxCrossEntropy(labels, network.forward(images, { mode: 'train' }));
  return sumOver(network, loss, (_, gradient) => tf.square(gradient)) ** 0.5;
}

/** Of the weights as they are after it: all positive. */
function synflow(network) {
  for (const { value, role } of network.tensors().values())
    if (role !== 'buffer') value.assign(tf.tidy(() => tf.abs(value)));
  return Math.log(
    sumOver(
      network,
      () => tf.sum(network.forward(ones, EVALUATE)),
      (value, gradient) => tf.mul(value, gradient),
    ),
  );
}

function sumOver(network, loss, term) {
  const parameters = new Map([...network.tensors()].filter(([, { role }]) => role !== 'buffer'));
  const result = gradients(loss, parameters);
  const sum = tf.tidy(() =>
    [...result.gradients].reduce(
      (all, [name, gradient]) => all + tf.sum(term(parameters.get(name).value, gradient)).dataSync()[0],
      0,
    ),
  );
  disposeGradients(result);
  return sum;
}
