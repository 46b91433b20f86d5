import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { expect } from 'vitest';

/** A tensor as plain values, the same for every backend. */
export interface PlainTensor {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly values: readonly number[];
}

export type PlainInputs = Readonly<Record<string, PlainTensor>>;

/** Normal values, rounded to float32 so that every reference sees the same numbers; the same for the same name. */
export function normal(name: string, shape: readonly number[]): PlainTensor {
  const stream = randomStream(3).fork(name);
  const values = Array.from({ length: sizeOf(shape) }, () => Math.fround(stream.normal()));
  return { shape, dtype: 'float32', values };
}

/** A tensor of given values. */
export function plain(
  shape: readonly number[],
  values: readonly number[],
  dtype: PlainTensor['dtype'] = 'float32',
): PlainTensor {
  return { shape, dtype, values };
}

/** Runs a kernel of tfjs on the torch backend. */
export async function onTorch(
  kernel: string,
  inputs: PlainInputs,
  attributes: object,
): Promise<PlainTensor[]> {
  await startTorchBackend({ device: 'cpu' });
  return run(kernel, inputs, attributes);
}

/** Runs a kernel of tfjs on its cpu backend, the slow reference. */
export async function onCpu(kernel: string, inputs: PlainInputs, attributes: object): Promise<PlainTensor[]> {
  await startCpuBackend();
  return run(kernel, inputs, attributes);
}

/** Asserts that a kernel answers the same shapes, types and values (relative to the largest) on both backends. */
export async function expectSameAsCpu(
  kernel: string,
  inputs: PlainInputs,
  attributes: object = {},
  tolerance = 2e-6,
): Promise<void> {
  const expected = await onCpu(kernel, inputs, attributes);
  const actual = await onTorch(kernel, inputs, attributes);
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  );
  for (const [index, { values }] of expected.entries()) expectClose(actual[index]!.values, values, tolerance);
}

/** Asserts equal values up to `tolerance` of the largest expected one; infinities and NaN must be the same. */
export function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const finite = expected.filter(Number.isFinite);
  const scale = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-30);
  const wrong = expected.findIndex((value, index) => !isNear(actual[index]!, value, tolerance * scale));
  if (wrong >= 0) expect.fail(`value ${wrong}: ${actual[wrong]}, expected ${expected[wrong]}`);
}

function isNear(actual: number, expected: number, most: number): boolean {
  return Number.isFinite(expected) ? Math.abs(actual - expected) <= most : Object.is(actual, expected);
}

function run(kernel: string, inputs: PlainInputs, attributes: object): PlainTensor[] {
  const before = tf.memory().numTensors;
  let results: PlainTensor[] = [];
  tf.tidy(() => {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [name, { values, shape, dtype }] of Object.entries(inputs)) {
      tensors[name] = tf.tensor([...values], [...shape], dtype);
    }
    const raw = tf.engine().runKernel(kernel, tensors, attributes as never) as unknown;
    results = ((Array.isArray(raw) ? raw : [raw]) as tf.Tensor[]).map(asPlain);
  });
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

function asPlain(tensor: tf.Tensor): PlainTensor {
  const dtype = tensor.dtype as PlainTensor['dtype'];
  return { shape: tensor.shape, dtype, values: Array.from(tensor.dataSync()) };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
