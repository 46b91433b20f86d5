import type { Scalar, Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable } from './kernel.js';
import { requireSameShape } from './shapes.js';

/** The mean of |y − target| over all elements; its gradient is 0 where both are equal. Same shapes → []. */
export function absoluteError(y: Tensor, target: Tensor): Scalar {
  requireSameShape('absoluteError', { y, target });
  return differentiable<{ y: Tensor; target: Tensor }, Scalar>({
    op: 'absoluteError',
    inputs: { y, target },
    forward: (save) => {
      const difference = tf.sub(y, target);
      save([difference]);
      return tf.mean(tf.abs(difference));
    },
    backward: (dloss, saved) => {
      const dy = tf.mul(tf.sign(saved[0]!), tf.div(dloss, y.size));
      return { y: () => dy, target: () => tf.neg(dy) };
    },
  });
}
