import { randomStream } from 'dna-nas/core';
import type { CellSupernet, NetworkTensor, SearchSpace, Supernet } from 'dna-nas/core/contracts';
import { repeatable, tf } from 'dna-nas/nn';
import { squaredError } from 'dna-nas/nn/ops';
import { adam, sgd } from 'dna-nas/nn/optimisers';
import { singlePathStep } from 'dna-nas/plugins/distill';
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
  const options = {
    kernels: [3, 5],
    expansions: [2],
    stem: { channels: 2, stride: 1, separable: 0 },
    head: 2,
  };
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

/** Which operation each step draws, and what becomes of a weight of the first one. */
const DRAWS = [1, 0, 1, 1];
const RATE = 0.1;

function trainBy(offPath: 'still' | 'momentum', from = 0) {
  const cell = supernet.createCell({ space, block: BLOCK, cell: 0 }).initialise(randomStream(1));
  const inner = adam();
  const given: { size: number; gradient: number[] | undefined }[] = [];
  const weightOf = (path: number[]) =>
    [...cell.pathTensors(path)].find(([name, { role }]) => role === 'parameter' && !shared.has(name))!;
  const shared = new Set([...cell.pathTensors([1]).keys()]);
  const [name, weight] = weightOf([0]);
  const values: number[] = [];
  const step = singlePathStep({
    cell,
    loss: { name: 'mse', compute: repeatable(squaredError) },
    sampler: ({ draw }) => [DRAWS[draw]!],
    optimiser: {
      step(parameters: ReadonlyMap<string, NetworkTensor>, gradients, rate) {
        const gradient = gradients.get(name);
        given.push({ size: parameters.size, gradient: gradient && [...gradient.dataSync()] });
        inner.step(parameters, gradients, rate);
      },
      state: () => inner.state(),
      load: (state) => inner.load(state),
      dispose: () => inner.dispose(),
    },
    learningRate: () => RATE,
    pathsPerStep: 1,
    offPath,
    random: randomStream('step'),
  });
  const input = tf.randomNormal([2, 4, 4, 2], 0, 1, 'float32', 7) as tf.Tensor4D;
  const target = tf.zeros([2, 4, 4, 2]) as tf.Tensor4D;
  for (let index = from; index < DRAWS.length; index++) {
    step({ input, target }, index);
    values.push(weight.value.dataSync()[0]!);
  }
  step.dispose?.();
  for (const part of [inner, cell]) part.dispose();
  tf.dispose([input, target]);
  return { given, values };
}

it('what no path uses stays as it is', () => {
  const { given, values } = trainBy('still');
  expect(given.map(({ gradient }) => gradient !== undefined)).toEqual([false, true, false, false]);
  expect(values[2]).toBe(values[1]);
  expect(values[3]).toBe(values[1]);
});

it('with momentum it goes on by Adam with gradients of zero, from its first use on', () => {
  const { given, values } = trainBy('momentum');
  const zeros = given[2]!.gradient!.map(() => 0);
  expect(given.map(({ gradient }) => gradient?.some((value) => value !== 0))).toEqual([
    undefined,
    true,
    false,
    false,
  ]);
  expect(given[3]!.gradient).toEqual(zeros);
  expect(given[2]!.size).toBe(given[3]!.size);
  expect(given[2]!.size).toBeGreaterThan(given[0]!.size);
  // Kingma and Ba (2015), algorithm 1, of one weight: g, 0, 0.
  const gradient = given[1]!.gradient![0]!;
  let [weight, mean, variance] = [values[0]!, 0, 0];
  [gradient, 0, 0].forEach((one, index) => {
    mean = 0.9 * mean + 0.1 * one;
    variance = 0.999 * variance + 0.001 * one ** 2;
    const [first, second] = [mean / (1 - 0.9 ** (index + 1)), variance / (1 - 0.999 ** (index + 1))];
    weight -= (RATE * first) / (Math.sqrt(second) + 1e-8);
    expect(values[1 + index]).toBeCloseTo(weight, 5);
  });
});

it('a resumed training knows what was used before it', () => {
  const { given } = trainBy('momentum', 2);
  expect(given[0]!.gradient!.every((value) => value === 0)).toBe(true);
});
