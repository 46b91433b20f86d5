import type { KernelAttributes } from '../kernels/table.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { compositionGradients } from './composition-gradients.js';
import { type Padding, resolveConvolution } from './convolution.js';
import { conv2dBias, depthwiseConv2dBias } from './convolution-bias.js';
import { differentiable, runKernel } from './kernel.js';
import { hasMbConvKernel, type SqueezeWeights, squeezeMap } from './mb-conv-parts.js';
import { shapeError } from './shapes.js';

/** A convolution's filter and the bias behind it, [o]. */
export interface BiasedFilter {
  readonly filter: Tensor;
  readonly bias: Tensor;
}

/** Weights of an MBConv without norms, of i input, c inner, r squeezed and o output channels. */
export interface MbConvFoldedWeights {
  /** [1, 1, i, c]; without it c is i. */
  readonly expand?: BiasedFilter | undefined;
  /** [k, k, c, 1] */
  readonly depthwise: BiasedFilter;
  readonly squeeze?: SqueezeWeights | undefined;
  /** [1, 1, c, o] */
  readonly project: BiasedFilter;
}

export interface MbConvFoldedOptions
  extends Pick<KernelAttributes<'MbConvFolded'>, 'activation' | 'residual'> {
  readonly stride: number;
  readonly padding: Padding;
}

/**
 * A whole MBConv whose norms are folded into its convolutions, as frozen networks have it: expand, depthwise,
 * squeeze-and-excite, project, and x added; x [n, h, w, i] → [n, oh, ow, o]. One kernel where the backend has it, in
 * which the wide feature maps stay in the cache, else the ops of its parts, through which its gradient goes back too.
 */
export function mbConvFolded(x: Tensor, weights: MbConvFoldedWeights, options: MbConvFoldedOptions): Tensor {
  const { filter } = weights.depthwise;
  const first = weights.expand?.filter ?? filter;
  if (x.rank !== 4 || x.shape[3] !== first.shape[2]) {
    throw shapeError('mbConvFolded', 'x [n, h, w, i] and its first filter [.., i, ..]', { x, filter: first });
  }
  return hasMbConvKernel('MbConvFolded', filter) ? fused(x, weights, options) : composed(x, weights, options);
}

/** Each map is freed once the next is there. */
function composed(
  x: Tensor,
  { expand, depthwise, squeeze, project }: MbConvFoldedWeights,
  { stride, padding, activation, residual }: MbConvFoldedOptions,
): Tensor {
  const steps: readonly ((map: Tensor) => Tensor)[] = [
    ...(expand ? [(map: Tensor) => conv2dBias(map, expand.filter, expand.bias, { activation })] : []),
    (map) =>
      depthwiseConv2dBias(map, depthwise.filter, depthwise.bias, { strides: stride, padding, activation }),
    ...(squeeze ? [(map: Tensor) => tf.tidy(() => squeezeMap(map, squeeze, activation))] : []),
    (map) => conv2dBias(map, project.filter, project.bias),
    ...(residual ? [(map: Tensor) => tf.add(map, x)] : []),
  ];
  return steps.reduce((map, step) => {
    const next = step(map);
    if (map !== x) map.dispose();
    return next;
  }, x);
}

function fused(x: Tensor, weights: MbConvFoldedWeights, options: MbConvFoldedOptions): Tensor {
  const { stride: strides, padding, activation, residual } = options;
  const { filter } = weights.depthwise;
  const size = [x.shape[1]!, x.shape[2]!] as const;
  const { attributes } = resolveConvolution(size, [filter.shape[0]!, filter.shape[1]!], { strides, padding });
  const inputs = [x, ...listed(weights)];
  return differentiable({
    op: 'mbConvFolded',
    inputs: Object.fromEntries(inputs.entries()),
    forward: (save) => {
      save(inputs);
      return runKernel('MbConvFolded', inputs, {
        strides: attributes.strides,
        padding: attributes.padding,
        activation,
        residual,
      });
    },
    backward: (dy, saved) => {
      const again = (...[input, ...rest]: Tensor[]) => composed(input!, unlisted(rest, weights), options);
      const gradients = compositionGradients(again, saved, dy);
      return Object.fromEntries(gradients.map((gradient, index) => [index, () => gradient]));
    },
  });
}

/** In the kernel's order. */
function listed({ expand, depthwise, squeeze, project }: MbConvFoldedWeights): Tensor[] {
  return [
    ...(expand ? [expand.filter, expand.bias] : []),
    ...[depthwise.filter, depthwise.bias],
    ...(squeeze ? [squeeze.reduce, squeeze.reduceBias, squeeze.excite, squeeze.exciteBias] : []),
    ...[project.filter, project.bias],
  ];
}

/** Undoes `listed`, for weights with the same parts as others. */
function unlisted(list: readonly Tensor[], like: MbConvFoldedWeights): MbConvFoldedWeights {
  const rest = [...list];
  const next = () => rest.shift()!;
  const pair = () => ({ filter: next(), bias: next() });
  return {
    expand: like.expand && pair(),
    depthwise: pair(),
    squeeze: like.squeeze && {
      reduce: next(),
      reduceBias: next(),
      excite: next(),
      exciteBias: next(),
    },
    project: pair(),
  };
}
