import type { KernelAttributes } from '../kernels/table.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

/** `matMul` of plain tfjs ops. */
export function matMulReference(a: Tensor, b: Tensor): Tensor {
  return tf.matMul(a, b);
}

type Attributes = KernelAttributes<'MatMul'>;

const VECTORS: Attributes = { rows: 'vectors' };

function multiply(a: Tensor, b: Tensor, attributes: Attributes): Tensor {
  return hasKernel('MatMul') ? runKernel('MatMul', { a, b }, attributes) : matMulReference(a, b);
}

/** The gradient of `a` in a [m, k] · b [k, n]. */
export function matMulGradientOfA(dy: Tensor, b: Tensor, attributes = VECTORS): Tensor {
  if (hasKernel('MatMulGradA')) return runKernel('MatMulGradA', { dy, b }, attributes);
  // A transposed copy, since tfjs-wasm multiplies transposed operands ten times slower than plain ones.
  return multiply(dy, tf.transpose(b), attributes);
}

/** The gradient of `b` in a [m, k] · b [k, n]. */
export function matMulGradientOfB(a: Tensor, dy: Tensor, attributes = VECTORS): Tensor {
  if (hasKernel('MatMulGradB')) return runKernel('MatMulGradB', { a, dy }, attributes);
  return multiply(tf.transpose(a), dy, attributes);
}

/** The product of two matrices: a [m, k], b [k, n] → [m, n]. Rows are vectors unless the attributes say otherwise. */
export function matMul(a: Tensor, b: Tensor, attributes = VECTORS): Tensor {
  if (a.rank !== 2 || b.rank !== 2 || a.shape[1] !== b.shape[0]) {
    throw shapeError('matMul', 'a [m, k] and b [k, n]', { a, b });
  }
  return differentiable({
    op: 'matMul',
    inputs: { a, b },
    forward: (save) => {
      save([a, b]);
      return multiply(a, b, attributes);
    },
    backward: (dy, saved) => {
      const [left, right] = saved as [Tensor, Tensor];
      return {
        a: () => matMulGradientOfA(dy, right, attributes),
        b: () => matMulGradientOfB(left, dy, attributes),
      };
    },
  });
}
