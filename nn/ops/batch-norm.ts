import type { Activation } from '../kernels/attributes.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { scaleShift } from './scale-shift.js';
import { requireChannelVectors } from './shapes.js';

export interface BatchNormOptions {
  /** Added to the variance. @default 1e-5 */
  readonly epsilon?: number;
  /** Applied after the normalisation. @default 'none' */
  readonly activation?: Activation;
}

/** The four vectors of batch norm with fixed statistics, one element a channel. */
export interface BatchNormVectors {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly scale: Tensor;
  readonly offset: Tensor;
}

/** The vectors [c] by which batch norm with fixed statistics is x · scale + shift. */
export function foldBatchNorm(vectors: BatchNormVectors, epsilon = 1e-5): { scale: Tensor; shift: Tensor } {
  const scale = tf.mul(vectors.scale, tf.rsqrt(tf.add(vectors.variance, epsilon)));
  return { scale, shift: tf.sub(vectors.offset, tf.mul(vectors.mean, scale)) };
}

/**
 * Batch norm with given (running) statistics: x [.., c] → activation((x − mean)/√(variance + epsilon) · scale +
 * offset). Differentiable in x and all four vectors.
 */
export function batchNorm(x: Tensor, vectors: BatchNormVectors, options: BatchNormOptions = {}): Tensor {
  const { mean, variance, scale, offset } = vectors;
  requireChannelVectors('batchNorm', x, { mean, variance, scale, offset });
  return tf.tidy(() => {
    const folded = foldBatchNorm(vectors, options.epsilon);
    return scaleShift(x, folded.scale, folded.shift, options.activation);
  });
}
