import { type RandomStream, randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { expect } from 'vitest';
import { CAMPAIGN } from '../../faults/extent.js';
import { type Values, values } from '../../ops/float64.js';

/** An op against its float64 implementation. */
export interface OpCheck<Name extends string> {
  /** Drawn by `draw`: float32 values, so that both sides compute on the very same numbers. */
  readonly inputs: Readonly<Record<Name, Values>>;
  /** Inputs whose gradients are checked. @default all */
  readonly differentiate?: readonly Name[];
  readonly actual: (inputs: Record<Name, tf.Tensor>) => tf.Tensor;
  readonly expected: (inputs: Readonly<Record<Name, Values>>) => Values;
  /** @default TOLERANCE */
  readonly tolerance?: number;
}

/**
 * Largest error allowed, as a share of the largest absolute value. float32 rounds by 6e-8; sums here have up to some
 * thousand terms and batch norm's gradient cancels, which costs up to two more digits. A wrong tap, border or lane is
 * off by a tenth or more.
 */
export const TOLERANCE = 5e-5;

/**
 * What a backend that stores feature maps in bf16 may be off by: each value is rounded by up to 2⁻⁹ of itself, as are
 * its inputs, and gradients of norms cancel.
 */
const BF16_TOLERANCE = 3e-2;

let leastTolerance = 0;

/** How finely the backend under test computes; all that is checked from now on is allowed as much. */
export function roundingOf(precision: 'float32' | 'bf16'): void {
  leastTolerance = precision === 'bf16' ? BF16_TOLERANCE : 0;
}

/** Small enough that no value drawn lies within it of a kink, large enough for float64. */
const STEP = 1e-5;
/** So many elements of a gradient are all checked one by one; of more, some that are drawn. */
const ALL_ELEMENTS = CAMPAIGN ? 160 : 24;
const SAMPLED_ELEMENTS = CAMPAIGN ? 48 : 12;

/** Normal values, rounded to float32. */
export function draw(random: RandomStream, shape: readonly number[], about = 0): Values {
  return values(shape, () => Math.fround(about + random.normal()));
}

/** Values in [low, high), rounded to float32. */
export function drawUniform(
  random: RandomStream,
  shape: readonly number[],
  [low, high]: [number, number],
): Values {
  return values(shape, () => Math.fround(low + (high - low) * random.uniform()));
}

export function toTensor(source: Values): tf.Tensor {
  return tf.tensor(Float32Array.from(source.data), [...source.shape], 'float32');
}

function largest(data: ArrayLike<number>): number {
  let most = 0;
  for (let index = 0; index < data.length; index++) most = Math.max(most, Math.abs(data[index]!));
  return most;
}

/** Asserts that values agree within the tolerance, a share of the largest value expected. */
export function expectClose(actual: tf.Tensor, expected: Values, tolerance = TOLERANCE): void {
  expect(actual.shape).toEqual(expected.shape);
  const limit = Math.max(tolerance, leastTolerance) * largest(expected.data) + 1e-6;
  const found = actual.dataSync();
  // Written so that NaN fails.
  const wrong = Array.from(found.keys()).find(
    (index) => !(Math.abs(found[index]! - expected.data[index]!) <= limit),
  );
  if (wrong === undefined) return;
  expect.fail(
    `element ${wrong} of [${expected.shape}] is ${found[wrong]}, expected ${expected.data[wrong]} ± ${limit}`,
  );
}

/** Runs `body` and asserts that it left no tensor, and no data in the backend, behind. */
export async function withoutLeaks(body: () => void | Promise<void>): Promise<void> {
  const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
  await body();
  expect([tf.memory().numTensors, tf.engine().backend.numDataIds()], 'tensors leaked').toEqual(before);
}

function checkedElements(size: number, random: RandomStream): number[] {
  if (size <= ALL_ELEMENTS) return Array.from({ length: size }, (_, index) => index);
  return [0, size - 1, ...Array.from({ length: SAMPLED_ELEMENTS }, () => random.integer(size))];
}

/** The derivative of Σ weights · expected(inputs) along `direction` of one input, by central differences. */
function slope<Name extends string>(
  check: OpCheck<Name>,
  weights: Values,
  { name, direction }: { name: Name; direction: (index: number) => number },
): number {
  const at = (step: number): number => {
    const source = check.inputs[name];
    const moved = values(source.shape, (index) => source.data[index]! + step * direction(index));
    const y = check.expected({ ...check.inputs, [name]: moved });
    return y.data.reduce((sum, value, index) => sum + value * weights.data[index]!, 0);
  };
  return (at(STEP) - at(-STEP)) / (2 * STEP);
}

/** Single elements, and all of them at once along a random direction. */
function expectGradient<Name extends string>(
  check: OpCheck<Name>,
  weights: Values,
  { name, gradient, random }: { name: Name; gradient: tf.Tensor; random: RandomStream },
): void {
  expect(gradient.shape, `gradient of ${name}`).toEqual(check.inputs[name].shape);
  const found = Float64Array.from(gradient.dataSync());
  const limit = Math.max(check.tolerance ?? TOLERANCE, leastTolerance) * largest(found) + 1e-6;
  for (const element of checkedElements(found.length, random)) {
    const wanted = slope(check, weights, { name, direction: (index) => (index === element ? 1 : 0) });
    const error = Math.abs(found[element]! - wanted);
    expect(
      error,
      `gradient of ${name}, element ${element}: ${found[element]} for ${wanted}`,
    ).toBeLessThanOrEqual(limit);
  }
  const along = draw(random, check.inputs[name].shape);
  const wanted = slope(check, weights, { name, direction: (index) => along.data[index]! });
  const total = found.reduce((sum, value, index) => sum + value * along.data[index]!, 0);
  const message = `gradient of ${name} along a direction: ${total} for ${wanted}`;
  expect(Math.abs(total - wanted), message).toBeLessThanOrEqual(limit * Math.sqrt(found.length) * 3);
}

function checkGradients<Name extends string>(check: OpCheck<Name>, output: Values): void {
  const random = randomStream('gradient');
  const names = check.differentiate ?? (Object.keys(check.inputs) as Name[]);
  const tensors = Object.fromEntries(
    Object.entries<Values>(check.inputs).map(([name, source]) => [name, toTensor(source)]),
  ) as Record<Name, tf.Tensor>;
  const scalar = output.shape.length === 0;
  const weights = scalar ? values([], () => 1) : draw(random.fork('weights'), output.shape);
  const run = (...given: tf.Tensor[]): tf.Tensor =>
    check.actual({ ...tensors, ...Object.fromEntries(names.map((name, index) => [name, given[index]!])) });
  const gradients = tf.grads(run)(
    names.map((name) => tensors[name]),
    toTensor(weights),
  );
  names.forEach((name, index) => {
    expectGradient(check, weights, { name, gradient: gradients[index]!, random: random.fork(name) });
  });
}

/** Value against float64, gradients against central differences of the float64 implementation, and no leak. */
export async function checkOp<Name extends string>(check: OpCheck<Name>): Promise<void> {
  const expected = check.expected(check.inputs);
  await withoutLeaks(() => {
    tf.tidy(() => {
      const tensors = Object.fromEntries(
        Object.entries<Values>(check.inputs).map(([name, source]) => [name, toTensor(source)]),
      ) as Record<Name, tf.Tensor>;
      expectClose(check.actual(tensors), expected, check.tolerance);
      checkGradients(check, expected);
    });
  });
}
