import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { conv2d } from 'dna-nas/nn/ops';
import { startTorchBackend, type TorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';

const stream = randomStream(4);

function drawn(shape: number[]): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => stream.normal());
  return tf.tensor(values, shape);
}

/** An activation: what a convolution puts out, stored in bf16. */
function activation(): tf.Tensor {
  return convolved(drawn([16, 1, 1, 8]), drawn([1, 1, 8, 32]));
}

/** A 1×1 convolution's output as a matrix: a row for each pixel. */
function convolved(x: tf.Tensor, filter: tf.Tensor): tf.Tensor2D {
  const y = conv2d(x, filter, { strides: 1 });
  return tf.reshape(y, [y.size / y.shape.at(-1)!, y.shape.at(-1)!]) as tf.Tensor2D;
}

/** Whether all values have eight significant bits, as bf16 has. */
function isNarrow(x: tf.Tensor): boolean {
  const values = x.dataSync() as Float32Array;
  return new Uint32Array(values.buffer).every((bits) => (bits & 0xffff) === 0);
}

describeTorch('activations in bf16', () => {
  beforeAll(() => startTorchBackend({ device: 'cpu', precision: 'bf16' }));

  const MAPS: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    relu: tf.relu,
    relu6: tf.relu6,
    sigmoid: tf.sigmoid,
    exp: tf.exp,
    elu: tf.elu,
    leakyRelu: (x) => tf.leakyRelu(x, 0.3),
    clip: (x) => tf.clipByValue(x, -0.3, 0.3),
    'sum with another': (x) => tf.add(x, tf.sigmoid(x)),
    'product with another': (x) => tf.mul(x, tf.sigmoid(x)),
    'sum of several': (x) => tf.addN([x, tf.relu(x), x]),
    'product with a number': (x) => tf.mul(x, 3),
    select: (x) => tf.where(tf.greater(x, 0), x, tf.relu(x)),
    reshape: (x) => tf.reshape(x, [8, 64]),
    transpose: (x) => tf.transpose(x),
    slice: (x) => tf.slice(x, [3, 0], [2, 32]),
    concat: (x) => tf.concat([x, tf.relu(x)], 1),
    gather: (x) => tf.gather(x, [3, 1]),
    pad: (x) =>
      tf.pad(x as tf.Tensor2D, [
        [1, 1],
        [0, 0],
      ]),
    max: (x) => tf.max(x, 1),
  };

  it.each(Object.entries(MAPS))('%s stays narrow', (_, map) => {
    tf.tidy(() => {
      expect(isNarrow(map(activation()))).toBe(true);
    });
  });

  const WIDE: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    'sum with float32': (x) => tf.add(x, drawn([16, 32])),
    'product with float32': (x) => tf.mul(x, drawn([32])),
    'concat with float32': (x) => tf.concat([x, drawn([16, 32])], 1),
    quotient: (x) => tf.div(x, 3),
    sum: (x) => tf.sum(x, 0),
    mean: (x) => tf.mean(x, 0),
    softmax: (x) => tf.softmax(x),
    'squared difference': (x) => tf.squaredDifference(x, tf.relu(x)),
  };

  it.each(Object.entries(WIDE))('%s is float32', (_, map) => {
    tf.tidy(() => {
      expect(isNarrow(map(activation()))).toBe(false);
    });
  });

  it('what never was an activation stays float32', () => {
    tf.tidy(() => {
      const x = drawn([64]);
      expect(isNarrow(tf.add(tf.relu(x), 1e-5))).toBe(false);
      expect(isNarrow(tf.addN([x, x, tf.square(x)]))).toBe(false);
    });
  });

  it('sums are kept in float32', () => {
    tf.tidy(() => {
      const x = convolved(tf.fill([1, 64, 64, 1], 0.1), tf.fill([1, 1, 1, 1], 1));
      const each = x.dataSync()[0]!;
      expect(tf.sum(x).dataSync()[0]).toBeCloseTo(4096 * each, 2);
      expect(tf.mean(x).dataSync()[0]).toBeCloseTo(each, 6);
    });
  });

  it('takes half of the memory of float32', () => {
    tf.tidy(() => {
      const before = held();
      const x = convolved(drawn([1, 32, 32, 4]), drawn([1, 1, 4, 1024]));
      const narrow = held() - before;
      const y = tf.relu(x);
      expect(held() - before - narrow).toBeLessThan(2 ** 21 * 1.3);
      expect(y.shape).toEqual([1024, 1024]);
    });
  });
});

function held(): number {
  return (tf.backend() as TorchBackend).native.memory().used;
}
