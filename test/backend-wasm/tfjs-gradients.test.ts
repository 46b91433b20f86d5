import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { expect, it } from 'vitest';

type Op = (x: tf.Tensor4D) => tf.Tensor;

/** What a custom operation may be made of: its value and gradient must work on wasm as they do on tfjs's cpu backend. */
const OPS: Readonly<Record<string, Op>> = {
  conv2d: (x) => tf.conv2d(x, tf.fill<tf.Rank.R4>([3, 3, 4, 5], 0.1), 2, 'same'),
  'conv2d filter': (x) => tf.conv2d(tf.ones<tf.Rank.R4>([2, 6, 6, 4]), filterOf(x, [3, 3, 4, 5]), 1, 'valid'),
  depthwise: (x) => tf.depthwiseConv2d(x, tf.fill([3, 3, 4, 1], 0.1), 2, 'same'),
  'depthwise filter': (x) => tf.depthwiseConv2d(x, filterOf(x, [5, 3, 4, 1]), 1, 'same'),
  'depthwise, two outputs a channel': (x) => tf.depthwiseConv2d(x, filterOf(x, [3, 3, 4, 2]), 2, 'same'),
  separable: (x) => tf.separableConv2d(x, tf.ones([3, 3, 4, 1]), tf.fill([1, 1, 4, 6], 0.2), 1, 'same'),
  'max pool': (x) => tf.maxPool(x, 3, 2, 'same'),
  'average pool': (x) => tf.avgPool(x, 3, 2, 'same'),
  relu6: (x) => tf.relu6(tf.mul(x, 6)),
  elu: (x) => tf.elu(x),
  'leaky relu': (x) => tf.leakyRelu(x, 0.1),
  clip: (x) => tf.clipByValue(x, -0.5, 0.5),
  sigmoid: (x) => tf.sigmoid(x),
  tanh: (x) => tf.tanh(x),
  softplus: (x) => tf.softplus(x),
  softmax: (x) => tf.softmax(x),
  'log softmax': (x) => tf.logSoftmax(x),
  pad: (x) => tf.pad(x, [[0, 0], [1, 2], [2, 1], [0, 0]]), // biome-ignore format: one row an axis would take ten lines
  concat: (x) => tf.concat([x, tf.square(x)], 3),
  slice: (x) => tf.slice(x, [0, 1, 1, 1], [2, 3, 3, 2]),
  gather: (x) => tf.gather(x, tf.tensor1d([1, 0, 1, 3, 3], 'int32'), 3),
  max: (x) => tf.max(x, [1, 2]),
  min: (x) => tf.min(x, 3),
  mean: (x) => tf.mean(x, [1, 2]),
  sum: (x) => tf.sum(x, [0, 1, 2]),
  sqrt: (x) => tf.sqrt(tf.add(tf.abs(x), 0.1)),
  sign: (x) => tf.mul(tf.sign(x), x),
  log: (x) => tf.log(tf.add(tf.square(x), 0.1)),
  exp: (x) => tf.exp(x),
  erf: (x) => tf.erf(x),
  'matrix product': (x) => tf.matMul(tf.reshape(x, [12, 24]), tf.reshape(x, [12, 24]), false, true),
};

function filterOf(x: tf.Tensor, shape: [number, number, number, number]): tf.Tensor4D {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tf.reshape(tf.slice(tf.reshape(x, [x.size]), 0, size), shape);
}

function wave(size: number, step: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => Math.sin(i * step + 0.3));
}

/** The value and the gradient of a weighted sum of it, on the current backend. */
function valueAndGradient(op: Op): number[] {
  return tf.tidy(() => {
    const x = tf.tensor(wave(288, 1.7), [2, 6, 6, 4]) as tf.Tensor4D;
    const y = op(x);
    const weight = tf.tensor(wave(y.size, 0.9), y.shape);
    const gradient = tf.grad((input) => tf.sum(tf.mul(op(input as tf.Tensor4D), weight)))(x);
    return [...y.dataSync(), ...gradient.dataSync()];
  });
}

it.each(Object.entries(OPS))('%s', async (_, op) => {
  await startCpuBackend();
  const expected = valueAndGradient(op);
  await startWasmBackend();
  const tensors = tf.memory().numTensors;
  const actual = valueAndGradient(op);
  expect(tf.memory().numTensors).toBe(tensors);
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...expected.map(Math.abs));
  const error = Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
  expect(error / scale).toBeLessThan(1e-5);
});
