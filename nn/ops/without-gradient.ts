import { type Tensor, zerosLike } from '../tensor.js';
import { differentiable } from './kernel.js';

/**
 * Runs a computation on x that is not differentiated: nothing inside of it is recorded or kept for a backward pass,
 * and to the gradient its result is a constant.
 */
export function withoutGradient(x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  return differentiable({
    op: 'withoutGradient',
    inputs: { x },
    forward: () => compute(x),
    backward: () => ({ x: () => zerosLike(x) }),
  });
}
