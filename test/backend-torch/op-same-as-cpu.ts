import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { expect } from 'vitest';
import { normal, type PlainInputs, type PlainTensor } from './same-as-cpu.js';

type Tensors = Readonly<Record<string, tf.Tensor>>;
type Op = (tensors: Tensors) => tf.Tensor | tf.Tensor[];

/** How inputs lie in memory; `turned` ones are views whose axes lie in the opposite order. */
type Layout = 'plain' | 'turned';

/**
 * Asserts that an op answers the same shapes, types and values on the torch backend, from contiguous inputs and from
 * views, as on tfjs's cpu backend, that it leaves its inputs as they were, and no tensor behind.
 */
export async function expectSameOp(inputs: PlainInputs, op: Op, tolerance = 2e-6): Promise<void> {
  const expected = await onCpu(() => run(inputs, 'plain', op));
  for (const layout of ['plain', 'turned'] as const) {
    expectEqual(await onTorch(() => run(inputs, layout, op)), expected, tolerance);
  }
}

/** The same for the gradients of an op of one result with respect to all its float32 inputs. */
export async function expectSameGradients(
  inputs: PlainInputs,
  op: (tensors: Tensors) => tf.Tensor,
  tolerance = 1e-5,
): Promise<void> {
  await expectSameOp(inputs, (tensors) => gradientsOf(tensors, op), tolerance);
}

function gradientsOf(tensors: Tensors, op: (tensors: Tensors) => tf.Tensor): tf.Tensor[] {
  const names = Object.keys(tensors).filter((name) => tensors[name]!.dtype === 'float32');
  const dy = toTensor(normal('dy', op(tensors).shape));
  const differentiate = tf.grads((...values: tf.Tensor[]) =>
    op({ ...tensors, ...Object.fromEntries(names.map((name, index) => [name, values[index]!])) }),
  );
  return differentiate(
    names.map((name) => tensors[name]!),
    dy,
  );
}

async function onCpu<T>(compute: () => T): Promise<T> {
  await startCpuBackend();
  return compute();
}

async function onTorch<T>(compute: () => T): Promise<T> {
  await startTorchBackend({ device: 'cpu' });
  return compute();
}

function run(inputs: PlainInputs, layout: Layout, op: Op): PlainTensor[] {
  const before = tf.memory();
  let results: PlainTensor[] = [];
  tf.tidy(() => {
    const tensors = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, toTensor(input, layout)]),
    );
    results = [op(tensors)].flat().map(
      (tensor): PlainTensor => ({
        shape: tensor.shape,
        dtype: tensor.dtype as PlainTensor['dtype'],
        values: Array.from(tensor.dataSync()),
      }),
    );
    if (tf.getBackend() === 'torch') expectUnchanged(tensors, inputs);
  });
  expect(tf.memory().numTensors).toBe(before.numTensors);
  expect(tf.memory().numDataBuffers).toBe(before.numDataBuffers);
  return results;
}

function expectUnchanged(tensors: Tensors, inputs: PlainInputs): void {
  for (const [name, { values }] of Object.entries(inputs)) {
    expect(Array.from(tensors[name]!.dataSync()), `the input ${name}`).toEqual(values);
  }
}

/** A tensor of plain values. */
export function toTensor({ values, shape, dtype }: PlainTensor, layout: Layout = 'plain'): tf.Tensor {
  const tensor = tf.tensor([...values], [...shape], dtype);
  if (layout === 'plain' || shape.length < 2) return tensor;
  // Transposed, copied, and transposed back without a copy.
  const axes = shape.map((_, axis) => shape.length - 1 - axis);
  const copied = tf.tensor(
    tf.transpose(tensor, axes).dataSync(),
    axes.map((axis) => shape[axis]!),
    dtype,
  );
  return tf.transpose(copied, axes);
}

function expectEqual(
  actual: readonly PlainTensor[],
  expected: readonly PlainTensor[],
  tolerance: number,
): void {
  const describe = ({ shape, dtype }: PlainTensor) => `${dtype} [${shape}]`;
  expect(actual.map(describe)).toEqual(expected.map(describe));
  for (const [index, { values, dtype }] of expected.entries()) {
    const most = dtype === 'float32' ? tolerance : 0;
    const wrong = values.findIndex((value, place) => !isNear(actual[index]!.values[place]!, value, most));
    if (wrong >= 0) {
      expect.fail(`result ${index}[${wrong}]: ${actual[index]!.values[wrong]}, expected ${values[wrong]}`);
    }
  }
}

function isNear(actual: number, expected: number, tolerance: number): boolean {
  if (!Number.isFinite(expected)) return Object.is(actual, expected);
  return Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
}
