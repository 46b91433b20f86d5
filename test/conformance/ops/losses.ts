import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { absoluteError, cosineDistance, relativeL1, softmaxCrossEntropy, squaredError } from 'dna-nas/nn/ops';
import { expect, it } from 'vitest';
import * as float64 from '../../ops/float64.js';
import { checkOp, draw, withoutLeaks } from './check.js';

type FeatureLoss = (y: tf.Tensor, target: tf.Tensor) => tf.Tensor;

const FEATURE_LOSSES: readonly (readonly [
  string,
  FeatureLoss,
  typeof float64.squaredError,
  ('y' | 'target')[],
])[] = [
  ['squaredError', squaredError, float64.squaredError, ['y', 'target']],
  ['absoluteError', absoluteError, float64.absoluteError, ['y', 'target']],
  ['relativeL1', relativeL1, float64.relativeL1, ['y']],
  ['cosineDistance', cosineDistance, float64.cosineDistance, ['y', 'target']],
];

const SHAPES = [
  [2, 3, 3, 8],
  [1, 5, 4, 7],
  [6, 24],
];

export function featureLossCases(): void {
  for (const [name, loss, expected, differentiate] of FEATURE_LOSSES) {
    it.each(SHAPES.map((shape) => [shape]))(`${name} [%s]`, (shape) => {
      const random = randomStream(name).fork(...shape);
      return checkOp({
        inputs: { y: draw(random.fork('y'), shape, 1), target: draw(random.fork('target'), shape, 1) },
        differentiate,
        actual: ({ y, target }) => loss(y, target),
        expected: ({ y, target }) => expected(y, target),
      });
    });
  }
  it('relativeL1 passes no gradient to the target', () =>
    withoutLeaks(() => {
      tf.tidy(() => {
        const run = (y: tf.Tensor, target: tf.Tensor) => tf.add(relativeL1(y, target), tf.sum(target));
        const [, slopes] = tf.grads(run)([tf.tensor1d([1, 2, 3]), tf.tensor1d([2, 5, 1])]);
        expect(Array.from(slopes!.dataSync())).toEqual([1, 1, 1]);
      });
    }));
  it('cosineDistance does not depend on the lengths', () => {
    const random = randomStream('lengths');
    const short = (name: string): float64.Values => {
      const drawn = draw(random.fork(name), [5, 8]);
      return float64.values([5, 8], (index) => Math.fround(drawn.data[index]! / 64));
    };
    return checkOp({
      inputs: { y: short('y'), target: short('target') },
      actual: ({ y, target }) => cosineDistance(y, target),
      expected: ({ y, target }) => float64.cosineDistance(y, target),
    });
  });
  it('cosineDistance of a zero vector is 1, with a finite gradient', () =>
    withoutLeaks(() => {
      tf.tidy(() => {
        const { value, grad } = tf.valueAndGrad((y) => cosineDistance(y, tf.ones([2, 4])))(tf.zeros([2, 4]));
        expect(value.dataSync()[0]).toBe(1);
        expect(grad.dataSync().every(Number.isFinite)).toBe(true);
      });
    }));
}

function oneHot(classes: readonly number[], count: number): float64.Values {
  return float64.values([classes.length, count], (index) =>
    classes[Math.floor(index / count)] === index % count ? 1 : 0,
  );
}

export function softmaxCrossEntropyCases(): void {
  const classes = [3, 0, 9, 9, 5];
  it.each([0, 0.1])('class numbers, smoothing %d', (smoothing) =>
    checkOp({
      inputs: { logits: draw(randomStream('logits'), [5, 10]) },
      actual: ({ logits }) => softmaxCrossEntropy(logits, tf.tensor1d([...classes], 'int32'), { smoothing }),
      expected: ({ logits }) => float64.softmaxCrossEntropy(logits, oneHot(classes, 10), smoothing),
    }),
  );
  it.each([0, 0.1])('mixed distributions, smoothing %d', (smoothing) => {
    // The third row is weighted as a whole: nothing may rely on a sum of one.
    const weight = (index: number): number => (Math.floor(index / 10) === 2 ? 0.5 : 1);
    const [first, second] = [oneHot(classes, 10), oneHot([1, 2, 9, 0, 4], 10)];
    const mixed = float64.values(
      [5, 10],
      (index) => weight(index) * (0.75 * first.data[index]! + 0.25 * second.data[index]!),
    );
    return checkOp<'logits' | 'labels'>({
      inputs: { logits: draw(randomStream('mixed'), [5, 10]), labels: mixed },
      differentiate: ['logits'],
      actual: ({ logits, labels }) => softmaxCrossEntropy(logits, labels, { smoothing }),
      expected: ({ logits, labels }) => float64.softmaxCrossEntropy(logits, labels, smoothing),
    });
  });
  it('does not overflow', () =>
    withoutLeaks(() => {
      tf.tidy(() => {
        const loss = softmaxCrossEntropy(tf.tensor2d([[1e4, -1e4]]), tf.tensor1d([1], 'int32'));
        expect(loss.dataSync()[0]).toBe(2e4);
      });
    }));
}
