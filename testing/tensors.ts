import type { RandomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { demand } from './check.js';

/** Normal values in a tensor, float32. */
export function drawTensor(random: RandomStream, shape: number[]): tf.Tensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
    'float32',
  );
}

/** Throws if work leaves tensors behind or takes some away; what it returns is disposed of. */
export async function requireNoLeak(work: () => unknown): Promise<void> {
  const before = tf.memory().numTensors;
  const made = await work();
  tf.dispose(made as tf.TensorContainer);
  const left = tf.memory().numTensors - before;
  demand(left === 0, () =>
    left > 0
      ? `${left} tensor${left === 1 ? ' is' : 's are'} left behind`
      : `${-left} tensor${left === -1 ? '' : 's'} of the caller's ${left === -1 ? 'is' : 'are'} gone`,
  );
}

/** Throws unless all values are finite. */
export function requireFinite(what: string, values: ArrayLike<number>): void {
  const wrong = Array.from(values).find((value) => !Number.isFinite(value));
  demand(wrong === undefined, () => `${what} holds ${wrong}`);
}

/** Throws unless both are the same bits. */
export function requireEqual(what: string, first: ArrayLike<number>, second: ArrayLike<number>): void {
  demand(first.length === second.length, () => `${what} has ${first.length} values, then ${second.length}`);
  const index = Array.from(first).findIndex((value, i) => !Object.is(value, second[i]));
  demand(index < 0, () => `${what} is ${first[index]} and then ${second[index]} (value ${index})`);
}

/** Throws unless a tensor has this shape. */
export function requireShape(what: string, found: readonly number[], expected: readonly number[]): void {
  demand(found.join() === expected.join(), () => `${what} is [${found}], expected [${expected}]`);
}
