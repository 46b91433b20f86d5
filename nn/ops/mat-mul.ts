import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

/** `matMul` of plain tfjs ops. */
export function matMulReference(a: Tensor, b: Tensor): Tensor {
  return tf.matMul(a, b);
}

function multiply(a: Tensor, b: Tensor): Tensor {
  return hasKernel('MatMul') ? runKernel('MatMul', { a, b }) : matMulReference(a, b);
}

/** The gradient of `a` in a [m, k] · b [k, n]. */
export function matMulGradientOfA(dy: Tensor, b: Tensor): Tensor {
  // A transposed copy, since tfjs-wasm multiplies transposed operands ten times slower than plain ones.
  return hasKernel('MatMulGradA') ? runKernel('MatMulGradA', { dy, b }) : multiply(dy, tf.transpose(b));
}

/** The gradient of `b` in a [m, k] · b [k, n]. */
export function matMulGradientOfB(a: Tensor, dy: Tensor): Tensor {
  return hasKernel('MatMulGradB') ? runKernel('MatMulGradB', { a, dy }) : multiply(tf.transpose(a), dy);
}

/** The product of two matrices: a [m, k], b [k, n] → [m, n]. */
export function matMul(a: Tensor, b: Tensor): Tensor {
  if (a.rank !== 2 || b.rank !== 2 || a.shape[1] !== b.shape[0]) {
    throw shapeError('matMul', 'a [m, k] and b [k, n]', { a, b });
  }
  return differentiable({
    op: 'matMul',
    inputs: { a, b },
    forward: (save) => {
      save([a, b]);
      return multiply(a, b);
    },
    backward: (dy, saved) => {
      const [left, right] = saved as [Tensor, Tensor];
      return { a: () => matMulGradientOfA(dy, right), b: () => matMulGradientOfB(left, dy) };
    },
  });
}
