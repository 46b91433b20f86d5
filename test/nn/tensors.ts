import '@tensorflow/tfjs-backend-cpu';
import { type RandomStream, randomStream } from 'dna-nas/core';
import { type Module, tf } from 'dna-nas/nn';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';

/** Runs the file's tests on the reference backend; each must leave as many tensors as it found. */
export function onCpu(): void {
  let before = 0;
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });
  beforeEach(() => {
    before = tf.memory().numTensors;
  });
  afterEach(() => {
    expect(tf.memory().numTensors, 'tensors after the test').toBe(before);
  });
}

export function normal(shape: number[], random: RandomStream): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
    'float32',
  );
}

/** Values for every tensor, so that nothing is at a special point: no zero bias, no unit variance. */
export function scatter(module: Module, seed: string): void {
  const random = randomStream(seed);
  module.initialise(random.fork('values'));
  for (const [name, tensor] of module.tensors()) {
    if (tensor.shape.length > 1) continue;
    const draw = random.fork(name);
    const positive = name.endsWith('running_var') || name.endsWith('weight');
    tensor.set(
      Float32Array.from({ length: tensor.size }, () =>
        positive ? 0.5 + draw.uniform() : 0.4 * draw.normal(),
      ),
    );
  }
}

/** The tensor's values; frees it. */
export function take(tensor: tf.Tensor): Float32Array {
  const data = (tensor.dataSync() as Float32Array).slice();
  tensor.dispose();
  return data;
}

/** Largest difference, relative to the largest reference value. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let largest = 0;
  let scale = 1e-30;
  for (let index = 0; index < expected.length; index++) {
    largest = Math.max(largest, Math.abs(found[index]! - expected[index]!));
    scale = Math.max(scale, Math.abs(expected[index]!));
  }
  return largest / scale;
}
