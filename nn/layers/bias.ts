import type { Activation } from '../kernels.js';
import { scaleShift } from '../ops/index.js';
import { add, ones, type Tensor, tidy } from '../tensor.js';

/** What follows the product of a convolution. */
export interface BiasOptions {
  /** @default false */
  readonly bias?: boolean;
  /** Applied after the bias, fused with it where the backend can. @default 'none' */
  readonly activation?: Activation;
}

/** activation(y + bias) a channel; without a bias y itself. */
export function addBias(y: Tensor, bias: Tensor | undefined, activation: Activation = 'none'): Tensor {
  if (!bias) return y;
  if (activation === 'none') return add(y, bias);
  return tidy(() => scaleShift(y, ones(bias.shape), bias, activation));
}
