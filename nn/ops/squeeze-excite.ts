import type { Activation } from '../kernels.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { activate } from './activate.js';
import { channelGate } from './channel-gate.js';
import { globalMean } from './global-mean.js';
import { matMul } from './mat-mul.js';

/** Weights of squeeze-and-excitation from c to r channels and back. */
export interface SqueezeExciteWeights {
  /** [c, r] */
  readonly reduceWeight: Tensor;
  /** [r] */
  readonly reduceBias: Tensor;
  /** [r, c] */
  readonly expandWeight: Tensor;
  /** [c] */
  readonly expandBias: Tensor;
}

/**
 * Squeeze-and-excitation (Hu et al. 2018): x [n, h, w, c] scaled by
 * sigmoid(activation(mean(x) · reduceWeight + reduceBias) · expandWeight + expandBias).
 */
export function squeezeExcite(
  x: Tensor,
  weights: SqueezeExciteWeights,
  options: { /** @default 'swish' */ readonly activation?: Activation } = {},
): Tensor {
  return tf.tidy(() => {
    const reduced = tf.add(matMul(globalMean(x), weights.reduceWeight), weights.reduceBias);
    const hidden = activate(reduced, options.activation ?? 'swish');
    const expanded = tf.add(matMul(hidden, weights.expandWeight), weights.expandBias);
    return channelGate(x, activate(expanded, 'sigmoid'));
  });
}
