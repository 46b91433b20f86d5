import type { Scalar, Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable } from './kernel.js';
import { requireSameShape } from './shapes.js';

/**
 * The paper's rating: the mean of |target − y| divided by the target's standard deviation (population, over all
 * elements), which makes blocks comparable. Same shapes → []; differentiable in y alone. Not finite where the target
 * is constant.
 */
export function relativeL1(y: Tensor, target: Tensor): Scalar {
  requireSameShape('relativeL1', { y, target });
  return differentiable<{ y: Tensor }, Scalar>({
    op: 'relativeL1',
    inputs: { y },
    forward: (save) => {
      const difference = tf.sub(y, target);
      const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(target, tf.mean(target)))));
      save([difference, deviation]);
      return tf.div(tf.mean(tf.abs(difference)), deviation);
    },
    backward: (dloss, saved) => {
      const [difference, deviation] = saved as [Tensor, Tensor];
      return { y: () => tf.mul(tf.sign(difference), tf.div(dloss, tf.mul(deviation, difference.size))) };
    },
  });
}
