import { type CellSupernet, randomStream, type SearchSpace, type Supernet } from 'dna-nas/core';
import { repeatable, sgd, singlePathStep, squaredError, tf } from 'dna-nas/nn';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { beforeAll, expect, it } from 'vitest';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const SHAPE = { height: 4, width: 4, channels: 2 };
const BLOCK = { index: 0, name: 'block 1', inputStage: -1, outputStage: 0, input: SHAPE, output: SHAPE };
const STEPS = 3;

let space: SearchSpace;
let supernet: Supernet;

beforeAll(async () => {
  const blocks = [{ stride: 1, cells: [{ layers: 1, channels: 2 }] }];
  const options = { kernels: [3], expansions: [2], stem: { channels: 2, stride: 1, separable: 0 }, head: 2 };
  space = await answer(spaceMbconv({ ...options, blocks }), 'resolveSpace');
  supernet = await answer(supernetMultiCell(), 'resolveSupernet');
});

onCpu();

/** The same cell, of which nothing is known. */
const unknown = (cell: CellSupernet): CellSupernet =>
  new Proxy(cell, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (name === 'repeatable') return undefined;
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

it.each([
  ['is recorded where cell and loss can be repeated', true, true, 1],
  ['is computed each time where nothing is known of the loss', true, false, STEPS],
  ['is computed each time where nothing is known of the cell', false, true, STEPS],
])('a step %s', (_, knownCell, knownLoss, computed) => {
  const made = supernet.createCell({ space, block: BLOCK, cell: 0 }).initialise(randomStream(1));
  let calls = 0;
  const compute = (y: tf.Tensor, target: tf.Tensor) => {
    calls++;
    return squaredError(y, target);
  };
  const optimiser = sgd();
  const step = singlePathStep({
    cell: knownCell ? made : unknown(made),
    loss: { name: 'counted', compute: knownLoss ? repeatable(compute) : compute },
    sampler: () => [0],
    optimiser,
    learningRate: () => 0.01,
    pathsPerStep: 1,
    random: randomStream('step'),
  });
  const [input, target] = [tf.ones([2, 4, 4, 2]), tf.zeros([2, 4, 4, 2])] as [tf.Tensor4D, tf.Tensor4D];
  for (let index = 0; index < STEPS; index++) step({ input, target }, index);
  expect(calls).toBe(computed);
  step.dispose?.();
  for (const part of [optimiser, made]) part.dispose();
  tf.dispose([input, target]);
});
