import type { Scalar, Tensor, Tensor1D } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

function requireLabels(logits: Tensor, labels: Tensor): void {
  const classes = labels.rank === 1 && labels.dtype === 'int32';
  const distributions =
    labels.rank === 2 && labels.dtype === 'float32' && labels.shape[1] === logits.shape[1];
  const fits = (classes || distributions) && labels.shape[0] === logits.shape[0];
  if (logits.rank !== 2 || logits.size === 0 || !fits) {
    const expected = 'logits [n, k] and labels int32 [n] or float32 [n, k]';
    throw shapeError('softmaxCrossEntropy', `${expected} (labels are ${labels.dtype})`, { logits, labels });
  }
}

function targets(labels: Tensor, classes: number, smoothing: number): Tensor {
  // Cast, since tfjs-wasm writes integers whatever type oneHot is asked for.
  const plain = labels.rank === 1 ? tf.cast(tf.oneHot(labels as Tensor1D, classes), 'float32') : labels;
  return smoothing === 0 ? plain : tf.add(tf.mul(plain, 1 - smoothing), smoothing / classes);
}

function logSoftmax(logits: Tensor): Tensor {
  const shifted = tf.sub(logits, tf.max(logits, -1, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}

/**
 * Cross entropy of softmax(logits) under the labels, averaged over the batch: logits [n, k], labels as class numbers
 * (int32 [n], each below k) or as distributions (float32 [n, k], one-hot or mixed) → []. With `smoothing` s the
 * labels become (1 − s) · labels + s/k. Differentiable in the logits alone.
 */
export function softmaxCrossEntropy(
  logits: Tensor,
  labels: Tensor,
  options: { /** @default 0 */ readonly smoothing?: number } = {},
): Scalar {
  requireLabels(logits, labels);
  const smoothing = options.smoothing ?? 0;
  if (!(smoothing >= 0 && smoothing < 1)) {
    throw new RangeError(`softmaxCrossEntropy: expected a smoothing from 0 to below 1, found ${smoothing}.`);
  }
  return hasKernel('SoftmaxCrossEntropy')
    ? fused(logits, labels, smoothing)
    : composed(logits, labels, smoothing);
}

/** The kernel answers the gradient at once: it is as good as done with the loss. */
function fused(logits: Tensor, labels: Tensor, smoothing: number): Scalar {
  return differentiable<{ logits: Tensor }, Tensor[]>({
    op: 'softmaxCrossEntropy',
    inputs: { logits },
    forward: (save) => {
      const { loss, dlogits } = runKernel('SoftmaxCrossEntropy', { logits, labels }, { smoothing });
      save([dlogits]);
      return [loss];
    },
    backward: (dloss, [gradient]) => ({ logits: () => tf.mul(gradient!, dloss) }),
  })[0] as Scalar;
}

function composed(logits: Tensor, labels: Tensor, smoothing: number): Scalar {
  const [batch, classes] = logits.shape as [number, number];
  return differentiable<{ logits: Tensor }, Scalar>({
    op: 'softmaxCrossEntropy',
    inputs: { logits },
    forward: (save) => {
      const wanted = targets(labels, classes, smoothing);
      const logProbabilities = logSoftmax(logits);
      save([wanted, logProbabilities]);
      return tf.div(tf.sum(tf.mul(wanted, logProbabilities)), -batch) as Scalar;
    },
    backward: (dloss, saved) => {
      const [wanted, logProbabilities] = saved as [Tensor, Tensor];
      const total = tf.sum(wanted, -1, true);
      const excess = tf.sub(tf.mul(tf.exp(logProbabilities), total), wanted);
      return { logits: () => tf.mul(excess, tf.div(dloss, batch)) };
    },
  });
}
