import { randomStream } from 'dna-nas/core';
import type { Optimiser } from 'dna-nas/core/contracts';
import { ModuleTensor, tf } from 'dna-nas/nn';
import { adam, rmspropTensorFlow, sgd, withRateFactors } from 'dna-nas/nn/optimisers';
import { describe, expect, it } from 'vitest';
import { difference, onCpu } from './tensors.js';

onCpu();

const NAMES = ['a.weight', 'b.bias', 'c.weight'] as const;
const SHAPES: Record<string, number[]> = { 'a.weight': [2, 3], 'b.bias': [4], 'c.weight': [3, 2, 1, 1] };
const RATES = [0.1, 0.05, 0.2, 0.1, 0.02, 0.1];
/** Which parameters each step trains: c is off the path at first, a at the end. */
const PATHS = [
  [0, 1],
  [0, 1],
  [0, 1, 2],
  [0, 2],
  [1, 2],
  [1, 2],
];

function createParameters(): Map<string, ModuleTensor> {
  return new Map(
    NAMES.map((name) => {
      const shape = SHAPES[name]!;
      const options = {
        initialiser: () => new Float32Array(),
        layout: 'same',
        decay: shape.length > 1,
      } as const;
      const tensor = new ModuleTensor('parameter', shape, options);
      const draw = randomStream(name);
      tensor.set(Float32Array.from({ length: tensor.size }, () => draw.normal()));
      return [name, tensor];
    }),
  );
}

function gradientOf(name: string, step: number): Float32Array {
  const draw = randomStream('gradients').fork(name, step);
  const size = SHAPES[name]!.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: size }, () => draw.normal());
}

function runStep(optimiser: Optimiser, parameters: ReadonlyMap<string, ModuleTensor>, step: number): void {
  const names = PATHS[step]!.map((index) => NAMES[index]!);
  const gradients = new Map(names.map((name) => [name, tf.tensor(gradientOf(name, step), SHAPES[name]!)]));
  try {
    optimiser.step(new Map(names.map((name) => [name, parameters.get(name)!])), gradients, RATES[step]!);
  } finally {
    for (const gradient of gradients.values()) gradient.dispose();
  }
}

function values(parameters: ReadonlyMap<string, ModuleTensor>): Record<string, Float32Array> {
  return Object.fromEntries(
    [...parameters].map(([name, { value }]) => [name, value.dataSync().slice() as Float32Array]),
  );
}

/** One element's own optimiser in 64-bit floats: gradient (decay added), rate → change to subtract. */
type Element = (gradient: number, rate: number) => number;

function adamElement(beta1: number, beta2: number, epsilon: number): Element {
  let [m, v, t] = [0, 0, 0];
  return (g, rate) => {
    t += 1;
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    return (rate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
  };
}

function sgdElement(momentum: number, nesterov: boolean): Element {
  let buffer = 0;
  return (g, rate) => {
    buffer = momentum * buffer + g;
    return rate * (nesterov ? g + momentum * buffer : buffer);
  };
}

function rmspropElement(decay: number, momentum: number, epsilon: number): Element {
  let [square, buffer] = [1, 0];
  return (g, rate) => {
    square = decay * square + (1 - decay) * g * g;
    buffer = momentum * buffer + (rate * g) / Math.sqrt(square + epsilon);
    return buffer;
  };
}

function referenceRun(
  start: Record<string, Float32Array>,
  createElement: () => Element,
  weightDecay: number,
) {
  const values = Object.fromEntries(NAMES.map((name) => [name, Float64Array.from(start[name]!)]));
  const elements = Object.fromEntries(NAMES.map((name) => [name, Array.from(start[name]!, createElement)]));
  PATHS.forEach((path, step) => {
    for (const index of path) {
      const name = NAMES[index]!;
      const decay = SHAPES[name]!.length > 1 ? weightDecay : 0;
      const value = values[name]!;
      gradientOf(name, step).forEach((gradient, at) => {
        value[at]! -= elements[name]![at]!(gradient + decay * value[at]!, RATES[step]!);
      });
    }
  });
  return values;
}

const CASES: [string, () => Optimiser, () => Element, number][] = [
  ['adam', () => adam(), () => adamElement(0.9, 0.999, 1e-8), 0],
  [
    'adam, its own numbers and decay',
    () => adam({ beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1 }),
    () => adamElement(0.8, 0.95, 1e-3),
    0.1,
  ],
  ['sgd', () => sgd(), () => sgdElement(0, false), 0],
  [
    'sgd, momentum and decay',
    () => sgd({ momentum: 0.9, weightDecay: 0.05 }),
    () => sgdElement(0.9, false),
    0.05,
  ],
  ['sgd, nesterov', () => sgd({ momentum: 0.9, nesterov: true }), () => sgdElement(0.9, true), 0],
  ['rmspropTensorFlow', () => rmspropTensorFlow(), () => rmspropElement(0.9, 0.9, 1e-3), 0],
  [
    'rmspropTensorFlow, its own numbers and decay',
    () => rmspropTensorFlow({ decay: 0.8, momentum: 0.5, epsilon: 0.1, weightDecay: 0.1 }),
    () => rmspropElement(0.8, 0.5, 0.1),
    0.1,
  ],
];

describe.each(CASES)('%s', (_name, create, createElement, weightDecay) => {
  it('follows its formula in 64-bit floats, parameters off the path untouched', () => {
    const parameters = createParameters();
    const expected = referenceRun(values(parameters), createElement, weightDecay);
    const optimiser = create();
    PATHS.forEach((path, step) => {
      const before = values(parameters);
      runStep(optimiser, parameters, step);
      const after = values(parameters);
      NAMES.forEach((name, index) => {
        if (!path.includes(index)) expect(after[name]).toEqual(before[name]);
      });
    });
    for (const name of NAMES)
      expect(difference(values(parameters)[name]!, expected[name]!)).toBeLessThan(2e-6);
    optimiser.dispose();
    for (const parameter of parameters.values()) parameter.dispose();
  });

  it('goes on from its state with the same bits', () => {
    const [whole, resumed] = [createParameters(), createParameters()];
    const [straight, first, second] = [create(), create(), create()];
    // What the second one knew before must be gone.
    runStep(second, resumed, 0);
    for (const [name, start] of Object.entries(values(whole))) resumed.get(name)!.set(start);
    for (let step = 0; step < 3; step++) runStep(first, resumed, step);
    second.load(first.state());
    for (let step = 3; step < PATHS.length; step++) runStep(second, resumed, step);
    for (let step = 0; step < PATHS.length; step++) runStep(straight, whole, step);
    expect(values(resumed)).toEqual(values(whole));
    expect(second.state()).toEqual(straight.state());
    for (const optimiser of [straight, first, second]) optimiser.dispose();
    for (const parameter of [...whole.values(), ...resumed.values()]) parameter.dispose();
  });
});

describe('optimiser state', () => {
  it('names slots and step counts by parameter', () => {
    const parameters = createParameters();
    const optimiser = adam();
    for (let step = 0; step < PATHS.length; step++) runStep(optimiser, parameters, step);
    const state = optimiser.state();
    expect([...state.keys()].filter((key) => key.endsWith('/a.weight'))).toEqual([
      'mean/a.weight',
      'variance/a.weight',
      'steps/a.weight',
    ]);
    const steps = NAMES.map((name) => state.get(`steps/${name}`)?.data[0]);
    expect(steps).toEqual([4, 5, 4]);
    expect(state.get('mean/c.weight')?.shape).toEqual([3, 2, 1, 1]);
    optimiser.dispose();
    expect(optimiser.state().size).toBe(0);
    for (const parameter of parameters.values()) parameter.dispose();
  });

  it('refuses the state of another optimiser, of another network, or a part of one', () => {
    const parameters = createParameters();
    const source = adam();
    runStep(source, parameters, 0);
    const state = source.state();
    expect(() => sgd().load(state)).toThrow(/"mean\/a.weight" is not of the state of sgd/);
    const part = new Map(state);
    part.delete('variance/b.bias');
    expect(() => source.load(part)).toThrow(/lacks "variance\/b.bias"/);
    for (const slot of ['mean', 'variance'])
      state.set(`${slot}/a.weight`, { shape: [1], data: new Float32Array(1) });
    source.load(state);
    expect(() => runStep(source, parameters, 1)).toThrow(/slots of "a.weight" have shape \[1\]/);
    source.dispose();
    for (const parameter of parameters.values()) parameter.dispose();
  });
});

describe('bad input', () => {
  it('names a parameter without a gradient, and one of another shape', () => {
    const parameters = createParameters();
    const optimiser = sgd();
    expect(() => optimiser.step(parameters, new Map(), 0.1)).toThrow(/"a.weight" has no gradient/);
    const wrong = tf.zeros([5]);
    const gradients = new Map(NAMES.map((name) => [name, wrong]));
    expect(() => optimiser.step(parameters, gradients, 0.1)).toThrow(/"a.weight" has shape \[5\].*\[2,3\]/);
    wrong.dispose();
    for (const parameter of parameters.values()) parameter.dispose();
  });

  it('refuses impossible options', () => {
    expect(() => adam({ beta1: 1 })).toThrow(/adam: "beta1" is 1; it must be 0 or more and below 1/);
    expect(() => adam({ weightDecay: -1 })).toThrow(/"weightDecay" is -1/);
    expect(() => sgd({ nesterov: true })).toThrow(/nesterov needs a momentum/);
    expect(() => sgd().step(new Map(), new Map(), Number.NaN)).toThrow(/"learningRate" is NaN/);
  });
});

it('gives parameters rates of their own, and keeps one state', () => {
  const make = () => sgd({ momentum: 0.9 });
  const [together, alone] = [createParameters(), createParameters()];
  const factors: Record<string, number> = { 'a.weight': 1, 'b.bias': 0.5, 'c.weight': 0.25 };
  const optimiser = withRateFactors(make(), (name) => factors[name]!);
  const singles = new Map(NAMES.map((name) => [name, make()]));
  for (const [step, path] of PATHS.entries()) {
    runStep(optimiser, together, step);
    for (const name of path.map((index) => NAMES[index]!)) {
      const gradient = tf.tensor(gradientOf(name, step), SHAPES[name]!);
      const parameters = new Map([[name, alone.get(name)!]]);
      singles.get(name)!.step(parameters, new Map([[name, gradient]]), RATES[step]! * factors[name]!);
      gradient.dispose();
    }
  }
  expect(values(together)).toEqual(values(alone));
  expect([...optimiser.state().keys()].filter((name) => name.startsWith('momentum/'))).toHaveLength(3);
  for (const one of [optimiser, ...singles.values()]) one.dispose();
  for (const tensor of [...together.values(), ...alone.values()]) tensor.dispose();
});
