import type { KernelAttributes } from '../kernels/table.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { activateGradient, activateReference } from './activate.js';
import type { BatchNormOptions } from './batch-norm.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { asRows, requireChannelVectors } from './shapes.js';

/** What batch norm in training returns; the statistics are constants to the gradient. */
export interface BatchNormTrainingResult {
  /** As x. */
  readonly y: Tensor;
  /** [c] */
  readonly mean: Tensor;
  /** [c], biased: the mean of squares about the mean. */
  readonly variance: Tensor;
}

type Attributes = KernelAttributes<'BatchNormTraining'>;

type Vectors = { scale: Tensor; offset: Tensor; mean: Tensor; variance: Tensor };

function normalised(
  x: Tensor,
  { mean, variance }: Pick<Vectors, 'mean' | 'variance'>,
  epsilon: number,
): Tensor {
  return tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}

/** `batchNormTraining` of plain tfjs ops: [y, mean, variance]. */
export function batchNormTrainingReference(
  x: Tensor,
  vectors: { scale: Tensor; offset: Tensor },
  { epsilon, activation }: Attributes,
): [Tensor, Tensor, Tensor] {
  const rows = asRows(x);
  const mean = tf.mean(rows, 0);
  const variance = tf.mean(tf.square(tf.sub(rows, mean)), 0);
  const inner = tf.add(tf.mul(normalised(x, { mean, variance }, epsilon), vectors.scale), vectors.offset);
  return [activateReference(inner, activation), mean, variance];
}

/** The gradient of `batchNormTraining` of plain tfjs ops: [dx, dscale, doffset]. */
export function batchNormTrainingGradientReference(
  dy: Tensor,
  x: Tensor,
  { scale, offset, mean, variance, epsilon, activation }: Vectors & Attributes,
): [Tensor, Tensor, Tensor] {
  const standard = normalised(x, { mean, variance }, epsilon);
  const inner = activateGradient(dy, tf.add(tf.mul(standard, scale), offset), activation);
  const doffset = tf.sum(asRows(inner), 0);
  const dscale = tf.sum(asRows(tf.mul(inner, standard)), 0);
  const count = x.size / scale.size;
  const common = tf.div(tf.add(doffset, tf.mul(standard, dscale)), count);
  const factor = tf.mul(scale, tf.rsqrt(tf.add(variance, epsilon)));
  return [tf.mul(tf.sub(inner, common), factor), dscale, doffset];
}

function forward(
  x: Tensor,
  vectors: { scale: Tensor; offset: Tensor },
  attributes: Attributes,
): [Tensor, Tensor, Tensor] {
  if (!hasKernel('BatchNormTraining')) return batchNormTrainingReference(x, vectors, attributes);
  const { y, mean, variance } = runKernel('BatchNormTraining', { x, ...vectors }, attributes);
  return [y, mean, variance];
}

function gradient(dy: Tensor, saved: Tensor[], attributes: Attributes): [Tensor, Tensor, Tensor] {
  const [x, scale, offset, mean, variance] = saved as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const vectors = { scale, offset, mean, variance };
  if (hasKernel('BatchNormTrainingGrad')) {
    const { dx, dscale, doffset } = runKernel('BatchNormTrainingGrad', { dy, x, ...vectors }, attributes);
    return [dx, dscale, doffset];
  }
  return batchNormTrainingGradientReference(dy, x, { ...vectors, ...attributes });
}

/**
 * Batch norm with the batch's own statistics, over all axes but the last: x [.., c], scale [c], offset [c] →
 * activation((x − mean)/√(variance + epsilon) · scale + offset), and the statistics.
 */
export function batchNormTraining(
  x: Tensor,
  scale: Tensor,
  offset: Tensor,
  options: BatchNormOptions = {},
): BatchNormTrainingResult {
  requireChannelVectors('batchNormTraining', x, { scale, offset });
  const attributes = { epsilon: options.epsilon ?? 1e-5, activation: options.activation ?? 'none' };
  const [y, mean, variance] = differentiable({
    op: 'batchNormTraining',
    inputs: { x, scale, offset },
    forward: (save) => {
      const outputs = forward(x, { scale, offset }, attributes);
      save([x, scale, offset, outputs[1], outputs[2]]);
      return outputs;
    },
    backward: (dy, saved) => {
      const [dx, dscale, doffset] = gradient(dy, saved, attributes);
      return { x: () => dx, scale: () => dscale, offset: () => doffset };
    },
  });
  return { y, mean, variance };
}
