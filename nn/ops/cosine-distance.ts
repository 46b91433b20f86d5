import type { Scalar, Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { requireSameShape } from './shapes.js';

/** Squared lengths are not taken below this, so that a zero vector has cosine 0 and a finite gradient. */
const SMALLEST_SQUARE = 1e-12;

function inverseLength(x: Tensor): Tensor {
  return tf.rsqrt(tf.maximum(tf.sum(tf.square(x), -1), SMALLEST_SQUARE));
}

/**
 * The mean over samples and positions of 1 − cos(y, target), the angle being that of the two channel vectors there:
 * cos = Σ y·target / (‖y‖ ‖target‖) over the last axis. [.., c] both → [], from 0 to 2.
 */
export function cosineDistance(y: Tensor, target: Tensor): Scalar {
  requireSameShape('cosineDistance', { y, target });
  return tf.tidy(() => {
    const product = tf.sum(tf.mul(y, target), -1);
    const cosine = tf.mul(product, tf.mul(inverseLength(y), inverseLength(target)));
    return tf.sub(1, tf.mean(cosine)) as Scalar;
  });
}
