import type { Activation } from '../kernels/attributes.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';

const FUNCTIONS: Readonly<Record<Activation, (x: Tensor) => Tensor>> = {
  none: (x) => tf.clone(x),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  swish: (x) => tf.mul(x, tf.sigmoid(x)),
  sigmoid: (x) => tf.sigmoid(x),
};

/** Derivatives at x; 0 at the kinks of relu and relu6. */
const DERIVATIVES: Readonly<Record<Exclude<Activation, 'none'>, (x: Tensor) => Tensor>> = {
  relu: (x) => tf.step(x),
  relu6: (x) => tf.mul(tf.step(x), tf.step(tf.sub(6, x))),
  swish: (x) => {
    const sigmoid = tf.sigmoid(x);
    return tf.mul(sigmoid, tf.add(1, tf.mul(x, tf.sub(1, sigmoid))));
  },
  sigmoid: (x) => {
    const sigmoid = tf.sigmoid(x);
    return tf.mul(sigmoid, tf.sub(1, sigmoid));
  },
};

/** `activate` of plain tfjs ops. */
export function activateReference(x: Tensor, activation: Activation): Tensor {
  return FUNCTIONS[activation](x);
}

/** The gradient of x from that of activation(x); with the backend's kernel where it has one. */
export function activateGradient(dy: Tensor, x: Tensor, activation: Activation): Tensor {
  if (activation === 'none') return tf.clone(dy);
  if (hasKernel('ActivateGrad')) return runKernel('ActivateGrad', { dy, x }, { activation });
  return tf.mul(dy, DERIVATIVES[activation](x));
}

/** An activation function, elementwise; swish is x · sigmoid(x). Any shape. */
export function activate(x: Tensor, activation: Activation): Tensor {
  if (!Object.hasOwn(FUNCTIONS, activation)) {
    throw new RangeError(`activate: expected ${Object.keys(FUNCTIONS).join(', ')}, found "${activation}".`);
  }
  if (activation === 'none') return tf.clone(x);
  return differentiable({
    op: 'activate',
    inputs: { x },
    forward: (save) => {
      save([x]);
      return hasKernel('Activate')
        ? runKernel('Activate', { x }, { activation })
        : activateReference(x, activation);
    },
    backward: (dy, saved) => ({ x: () => activateGradient(dy, saved[0]!, activation) }),
  });
}

/** x · sigmoid(x), also called SiLU. */
export function swish(x: Tensor): Tensor {
  return activate(x, 'swish');
}

/** min(max(x, 0), 6). */
export function relu6(x: Tensor): Tensor {
  return activate(x, 'relu6');
}
