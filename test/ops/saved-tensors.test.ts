import '@tensorflow/tfjs-backend-cpu';
import { tf } from 'dna-nas/nn';
import { batchNormTraining, matMul } from 'dna-nas/nn/ops';
import { beforeAll, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const X = [1, 2, 3, 4];
const W = [0.5, -1, 2, 0];

it('a weight is not cloned for the backward pass; an intermediate outlives its own disposal', () => {
  const weight = tf.variable(tf.tensor2d(W, [2, 2]));
  const [held, gradient] = tf.tidy(() => {
    let before = 0;
    let during = 0;
    const gradient = tf.grad((x) => {
      const inner = tf.mul(x, 2);
      before = tf.memory().numTensors;
      const y = matMul(inner as tf.Tensor2D, weight as unknown as tf.Tensor2D);
      inner.dispose();
      during = tf.memory().numTensors;
      return tf.sum(y);
    })(tf.tensor2d(X, [2, 2]));
    return [during - before, [...gradient.dataSync()]];
  });
  weight.dispose();
  // The product, and what holds `inner`'s values in its place.
  expect(held).toBe(1);
  expect(gradient).toEqual([-1, 4, -1, 4]);
});

it('a weight that is assigned before its gradient is there is an error that says so', () => {
  const weight = tf.variable(tf.tensor2d(W, [2, 2]), true, 'first');
  const loss = (): tf.Scalar => {
    const y = matMul(tf.tensor2d(X, [2, 2]), weight as unknown as tf.Tensor2D);
    weight.assign(tf.tensor2d(X, [2, 2]));
    return tf.sum(y);
  };
  expect(() => tf.tidy(() => tf.variableGrads(loss))).toThrow(
    'matMul: the variable "first" was assigned between the forward and the backward pass',
  );
  weight.dispose();
});

it('of several outputs only the first has a gradient', () => {
  const gradient = (pick: 'mean' | 'y') =>
    tf.tidy(() => {
      const scale = tf.tensor1d([1, 1]);
      const loss = (x: tf.Tensor) => tf.sum(tf.square(batchNormTraining(x, scale, scale)[pick])) as tf.Scalar;
      return [
        ...tf
          .grad(loss)(tf.tensor2d(X, [2, 2]))
          .dataSync(),
      ];
    });
  expect(gradient('y').some((value) => value !== 0)).toBe(true);
  expect(() => gradient('mean')).toThrow('Cannot compute gradient');
});
