import type { Activation } from '../kernels/attributes.js';
import type { KernelName } from '../kernels/table.js';
import { reshape, type Tensor } from '../tensor.js';
import { hasKernel } from './kernel.js';
import { squeezeExcite } from './squeeze-excite.js';

/** Filters that the kernels have loops for. */
const KERNEL_SIZES = [3, 5, 7];

/** Whether the backend has this kernel of a whole MBConv, for a depthwise filter [k, k, c, 1] of its size. */
export function hasMbConvKernel(name: KernelName, filter: Tensor): boolean {
  const [height, width] = filter.shape as [number, number];
  return height === width && KERNEL_SIZES.includes(height) && hasKernel(name);
}

/** Squeeze-and-excitation's weights for r squeezed of c channels. */
export interface SqueezeWeights {
  /** [1, 1, c, r] */
  readonly reduce: Tensor;
  /** [r] */
  readonly reduceBias: Tensor;
  /** [1, 1, r, c] */
  readonly excite: Tensor;
  /** [c] */
  readonly exciteBias: Tensor;
}

/** Squeeze-and-excitation of a map [n, h, w, c], by the weights as an MBConv has them. */
export function squeezeMap(
  x: Tensor,
  { reduce, reduceBias, excite, exciteBias: expandBias }: SqueezeWeights,
  activation: Activation,
): Tensor {
  const [reduceWeight, expandWeight] = [asMatrix(reduce), asMatrix(excite)];
  return squeezeExcite(x, { reduceWeight, reduceBias, expandWeight, expandBias }, { activation });
}

function asMatrix(filter: Tensor): Tensor {
  return reshape(filter, filter.shape.slice(2));
}
