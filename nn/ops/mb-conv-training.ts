import { fromList, KERNELS, type KernelAttributes, type KernelInputs, toList } from '../kernels/table.js';
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

export interface MbConvTrainingOptions
  extends Pick<KernelAttributes<'MbConvTraining'>, 'epsilon' | 'activation'> {
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

type Inputs = KernelInputs<'MbConvTraining'>;
type Gradients = Record<keyof Inputs, () => Tensor>;
type Outputs = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor];

function fused(
  x: Tensor,
  weights: MbConvWeights,
  { stride, padding, epsilon, activation }: MbConvTrainingOptions,
): MbConvTrainingResult {
  const inputs = namedInputs(x, weights);
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const kernel = weights.filter.shape as [number, number];
  const { attributes: window } = resolveConvolution(size, kernel, { strides: stride, padding });
  const attributes = { strides: window.strides, padding: window.padding, epsilon, activation };
  const outputs = differentiable<Inputs, Outputs>({
    op: 'mbConvTraining',
    inputs,
    forward: (save) => {
      const { y, ...kept } = runKernel('MbConvTraining', inputs, attributes);
      save([...toList(KERNELS.MbConvTraining.inputs, inputs), ...Object.values(kept)]);
      return [y, kept.mean1, kept.variance1, kept.mean2, kept.variance2, kept.mean3, kept.variance3];
    },
    backward: (dy, saved) => {
      const given = fromList(KERNELS.MbConvTrainingGrad.inputs, [dy, ...saved]);
      const gradients = runKernel('MbConvTrainingGrad', given, attributes);
      const gradientOf = (name: keyof Inputs) => [name, () => gradients[`d${name}` as const]] as const;
      return Object.fromEntries(KERNELS.MbConvTraining.inputs.map(gradientOf)) as Gradients;
    },
  });
  const [y, mean1, variance1, mean2, variance2, mean3, variance3] = outputs;
  const norms = [
    { mean: mean1, variance: variance1 },
    { mean: mean2, variance: variance2 },
    { mean: mean3, variance: variance3 },
  ] as const;
  return { y, statistics: norms };
}

function namedInputs(x: Tensor, { norm1, norm2, norm3, ...weights }: MbConvWeights): Inputs {
  return {
    ...{ x, ...weights },
    ...{ scale1: norm1.scale, offset1: norm1.offset },
    ...{ scale2: norm2.scale, offset2: norm2.offset },
    ...{ scale3: norm3.scale, offset3: norm3.offset },
  };
}
