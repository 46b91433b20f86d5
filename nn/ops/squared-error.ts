import type { Scalar, Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { requireSameShape } from './shapes.js';

/** `squaredError` of plain tfjs ops. */
export function squaredErrorReference(y: Tensor, target: Tensor): Scalar {
  return tf.mean(tf.square(tf.sub(y, target)));
}

function gradient(dloss: Tensor, y: Tensor, target: Tensor): Tensor {
  if (hasKernel('SquaredErrorGrad')) return runKernel('SquaredErrorGrad', { dloss, y, target });
  return tf.mul(tf.sub(y, target), tf.mul(dloss, 2 / y.size));
}

/** The mean of (y − target)² over all elements: the paper's distillation loss. Same shapes → []. */
export function squaredError(y: Tensor, target: Tensor): Scalar {
  requireSameShape('squaredError', { y, target });
  return differentiable<{ y: Tensor; target: Tensor }, Scalar>({
    op: 'squaredError',
    inputs: { y, target },
    forward: (save) => {
      save([y, target]);
      if (hasKernel('SquaredError')) return runKernel('SquaredError', { y, target }) as Scalar;
      return squaredErrorReference(y, target);
    },
    backward: (dloss, saved) => {
      const [output, wanted] = saved as [Tensor, Tensor];
      return {
        y: () => gradient(dloss, output, wanted),
        target: () => tf.neg(gradient(dloss, output, wanted)),
      };
    },
  });
}
