import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

/** `globalMean` of plain tfjs ops. */
export function globalMeanReference(x: Tensor): Tensor {
  return tf.mean(x, [1, 2]);
}

function gradient(dy: Tensor, inputShape: number[]): Tensor {
  if (hasKernel('GlobalMeanGrad')) return runKernel('GlobalMeanGrad', { dy }, { inputShape });
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const share = tf.reshape(tf.div(dy, height * width), [batch, 1, 1, channels]);
  return tf.tile(share, [1, height, width, 1]);
}

/** The mean over height and width: x [n, h, w, c] → [n, c]. */
export function globalMean(x: Tensor): Tensor {
  if (x.rank !== 4 || x.size === 0) throw shapeError('globalMean', 'a non-empty x [n, h, w, c]', { x });
  const inputShape = x.shape;
  return differentiable({
    op: 'globalMean',
    inputs: { x },
    forward: () => (hasKernel('GlobalMean') ? runKernel('GlobalMean', { x }) : globalMeanReference(x)),
    backward: (dy) => ({ x: () => gradient(dy, inputShape) }),
  });
}
