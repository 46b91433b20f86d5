import type { MbConvAttributes } from '../kernels.js';
import type { Tensor } from '../tensor.js';
import { batchNormTraining } from './batch-norm-training.js';
import { conv2d } from './conv2d.js';
import { type Padding, resolveConvolution } from './convolution.js';
import { depthwiseConv2d } from './depthwise-conv2d.js';
import { differentiable, runKernel } from './kernel.js';
import { hasMbConvKernel, type SqueezeWeights, squeezeMap } from './mb-conv-parts.js';
import { shapeError } from './shapes.js';

/** Scale and offset of a batch norm, each [c]. */
export interface NormWeights {
  readonly scale: Tensor;
  readonly offset: Tensor;
}

/** Weights of an MBConv of i input, c inner, r squeezed and o output channels. */
export interface MbConvWeights extends SqueezeWeights {
  /** [1, 1, i, c] */
  readonly expand: Tensor;
  readonly norm1: NormWeights;
  /** [k, k, c, 1] */
  readonly filter: Tensor;
  readonly norm2: NormWeights;
  /** [1, 1, c, o] */
  readonly project: Tensor;
  readonly norm3: NormWeights;
}

export interface MbConvTrainingOptions extends Pick<MbConvAttributes, 'epsilon' | 'activation'> {
  readonly stride: number;
  readonly padding: Padding;
}

/** Mean and biased variance of a norm's input, [c]; constants to the gradient. */
export interface NormStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

export interface MbConvTrainingResult {
  /** [n, oh, ow, o] */
  readonly y: Tensor;
  readonly statistics: readonly [NormStatistics, NormStatistics, NormStatistics];
}

/**
 * A whole mobile inverted bottleneck with the batch's own statistics: expand, norm, depthwise, norm,
 * squeeze-and-excite, project, norm; x [n, h, w, i] → [n, oh, ow, o]. One kernel where the backend has it, in which
 * the wide feature maps stay in the cache between layers, else the ops of its parts.
 */
export function mbConvTraining(
  x: Tensor,
  weights: MbConvWeights,
  options: MbConvTrainingOptions,
): MbConvTrainingResult {
  if (x.rank !== 4 || x.shape[3] !== weights.expand.shape[2]) {
    throw shapeError('mbConvTraining', 'x [n, h, w, i] and expand [1, 1, i, c]', {
      x,
      expand: weights.expand,
    });
  }
  return hasMbConvKernel('MbConvTraining', weights.filter)
    ? fused(x, weights, options)
    : composed(x, weights, options);
}

/** `mbConvTraining` of the ops of its parts. */
function composed(
  x: Tensor,
  weights: MbConvWeights,
  { stride, padding, epsilon, activation }: MbConvTrainingOptions,
): MbConvTrainingResult {
  const { norm1, norm2, norm3 } = weights;
  const inner = { epsilon, activation };
  const expanded = batchNormTraining(conv2d(x, weights.expand), norm1.scale, norm1.offset, inner);
  const filtered = batchNormTraining(
    depthwiseConv2d(expanded.y, weights.filter, { strides: stride, padding }),
    norm2.scale,
    norm2.offset,
    inner,
  );
  const gated = squeezeMap(filtered.y, weights, activation);
  const last = batchNormTraining(conv2d(gated, weights.project), norm3.scale, norm3.offset, { epsilon });
  return { y: last.y, statistics: [expanded, filtered, last] };
}

function fused(
  x: Tensor,
  weights: MbConvWeights,
  { stride, padding, epsilon, activation }: MbConvTrainingOptions,
): MbConvTrainingResult {
  const named = namedInputs(weights);
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const kernel = weights.filter.shape as [number, number];
  const { attributes: window } = resolveConvolution(size, kernel, { strides: stride, padding });
  const attributes = { strides: window.strides, padding: window.padding, epsilon, activation };
  const inputs = [x, ...Object.values(named)];
  const [y, ...statistics] = differentiable({
    op: 'mbConvTraining',
    inputs: { x, ...named },
    forward: (save) => {
      const outputs = runKernel<Tensor[]>('MbConvTraining', inputs, attributes);
      save([...inputs, ...outputs.slice(1)]);
      return outputs.slice(0, 7);
    },
    backward: (dy, saved) => {
      const [dx, ...dweights] = runKernel<Tensor[]>('MbConvTrainingGrad', [dy, ...saved], attributes);
      const gradients = Object.keys(named).map((name, index) => [name, () => dweights[index]!]);
      return { x: () => dx!, ...Object.fromEntries(gradients) };
    },
  });
  const [mean1, variance1, mean2, variance2, mean3, variance3] = statistics as [
    ...[Tensor, Tensor, Tensor],
    ...[Tensor, Tensor, Tensor],
  ];
  const norms = [
    { mean: mean1, variance: variance1 },
    { mean: mean2, variance: variance2 },
    { mean: mean3, variance: variance3 },
  ] as const;
  return { y: y!, statistics: norms };
}

/** In the kernel's order. */
function namedInputs({ norm1, norm2, norm3, ...weights }: MbConvWeights): Record<string, Tensor> {
  return {
    ...{ expand: weights.expand, scale1: norm1.scale, offset1: norm1.offset },
    ...{ filter: weights.filter, scale2: norm2.scale, offset2: norm2.offset },
    ...{ reduce: weights.reduce, reduceBias: weights.reduceBias },
    ...{ excite: weights.excite, exciteBias: weights.exciteBias },
    ...{ project: weights.project, scale3: norm3.scale, offset3: norm3.offset },
  };
}
