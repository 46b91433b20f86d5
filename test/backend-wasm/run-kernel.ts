import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { KERNEL_PREFIX, type KernelName } from 'dna-nas/nn/kernels';
import { expect } from 'vitest';

/** Values with a shape, as float64 for the references. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Normal values rounded to float32, so that kernel and reference see the same numbers. */
export function randomValues(name: string, shape: readonly number[]): Values {
  const stream = randomStream(7).fork(name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float64Array.from({ length: size }, () => Math.fround(stream.normal())) };
}

/** Runs one of our kernels on plain values and gives every output back; leaves no tensor behind. */
export function runKernel(
  name: KernelName | `tfjs:${string}`,
  inputs: Readonly<Record<string, Values>>,
  attributes: object = {},
): Float32Array[] {
  const before = tf.memory().numTensors;
  const full = name.startsWith('tfjs:') ? name.slice(5) : KERNEL_PREFIX + name;
  const results = tf.tidy(() => {
    const tensors: Record<string, tf.Tensor> = {};
    for (const [key, { shape, data }] of Object.entries(inputs)) {
      tensors[key] = tf.tensor(Float32Array.from(data), [...shape]);
    }
    const raw = tf.engine().runKernel(full, tensors, attributes as never) as unknown;
    const outputs = (Array.isArray(raw) ? raw : [raw]) as tf.Tensor[];
    return outputs.map((output) => output.dataSync() as Float32Array);
  });
  expect(tf.memory().numTensors).toBe(before);
  return results;
}

/** Asserts equal lengths and errors below `tolerance` relative to the largest expected value. */
export function expectClose(
  actual: Float32Array | undefined,
  expected: Float64Array,
  tolerance = 2e-6,
): void {
  expect(actual?.length).toBe(expected.length);
  let scale = 1e-30;
  let error = 0;
  for (let i = 0; i < expected.length; i++) {
    scale = Math.max(scale, Math.abs(expected[i]!));
    const difference = Math.abs(actual![i]! - expected[i]!);
    error = Math.max(error, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  expect(error / scale).toBeLessThan(tolerance);
}
