import type { Activation } from '../kernels/attributes.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { activate, activateGradient } from './activate.js';
import { channelGate } from './channel-gate.js';
import { globalMean } from './global-mean.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { matMul, matMulGradientOfA, matMulGradientOfB } from './mat-mul.js';

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
  const activation = options.activation ?? 'swish';
  return hasKernel('ChannelDot') && hasKernel('ChannelGateShift')
    ? fused(x, weights, activation)
    : composed(x, weights, activation);
}

/** `squeezeExcite` of the ops that there are for its parts. */
function composed(x: Tensor, weights: SqueezeExciteWeights, activation: Activation): Tensor {
  return tf.tidy(() => {
    const reduced = tf.add(matMul(globalMean(x), weights.reduceWeight), weights.reduceBias);
    const hidden = activate(reduced, activation);
    const expanded = tf.add(matMul(hidden, weights.expandWeight), weights.expandBias);
    return channelGate(x, activate(expanded, 'sigmoid'));
  });
}

/**
 * The same with one gradient: what comes back through the gate and what comes back through the mean are one pass over
 * the feature map, where the parts take three and a sum.
 */
function fused(x: Tensor, weights: SqueezeExciteWeights, activation: Activation): Tensor {
  return differentiable({
    op: 'squeezeExcite',
    inputs: { x, ...weights },
    forward: (save) => {
      const mean = globalMean(x);
      const reduced = tf.add(matMul(mean, weights.reduceWeight), weights.reduceBias);
      const hidden = activate(reduced, activation);
      const expanded = tf.add(matMul(hidden, weights.expandWeight), weights.expandBias);
      const gate = activate(expanded, 'sigmoid');
      save([x, weights.reduceWeight, weights.expandWeight, mean, reduced, hidden, expanded, gate]);
      return channelGate(x, gate);
    },
    backward: (dy, saved) => gradient(dy, saved, activation),
  });
}

function gradient(dy: Tensor, saved: Tensor[], activation: Activation) {
  const [x, reduceWeight, expandWeight, mean, reduced, hidden, expanded, gate] = saved as [
    ...[Tensor, Tensor, Tensor, Tensor],
    ...[Tensor, Tensor, Tensor, Tensor],
  ];
  const dexpanded = activateGradient(runKernel('ChannelDot', { a: dy, b: x }), expanded, 'sigmoid');
  const dreduced = activateGradient(matMulGradientOfA(dexpanded, expandWeight), reduced, activation);
  const positions = x.shape[1]! * x.shape[2]!;
  const shift = tf.div(matMulGradientOfA(dreduced, reduceWeight), positions);
  return {
    x: () => runKernel('ChannelGateShift', { x: dy, gate, shift }),
    reduceWeight: () => matMulGradientOfB(mean, dreduced),
    reduceBias: () => tf.sum(dreduced, 0),
    expandWeight: () => matMulGradientOfB(hidden, dexpanded),
    expandBias: () => tf.sum(dexpanded, 0),
  };
}
