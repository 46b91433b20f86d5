import type { Activation } from '../kernels/attributes.js';
import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { activateGradient, activateReference } from './activate.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { asRows, requireChannelVectors } from './shapes.js';

/** `scaleShift` of plain tfjs ops. */
export function scaleShiftReference(x: Tensor, scale: Tensor, shift: Tensor, activation: Activation): Tensor {
  return activateReference(tf.add(tf.mul(x, scale), shift), activation);
}

/** activation(x · scale + shift) a channel: x [.., c], scale [c], shift [c]. */
export function scaleShift(x: Tensor, scale: Tensor, shift: Tensor, activation: Activation = 'none'): Tensor {
  requireChannelVectors('scaleShift', x, { scale, shift });
  return differentiable({
    op: 'scaleShift',
    inputs: { x, scale, shift },
    forward: (save) => {
      save([x, scale, shift]);
      if (hasKernel('ScaleShift')) return runKernel('ScaleShift', { x, scale, shift }, { activation });
      return scaleShiftReference(x, scale, shift, activation);
    },
    backward: (dy, saved) => {
      const [input, factor, offset] = saved as [Tensor, Tensor, Tensor];
      const inner =
        activation === 'none'
          ? tf.clone(dy)
          : activateGradient(dy, scaleShiftReference(input, factor, offset, 'none'), activation);
      return {
        x: () => tf.mul(inner, factor),
        scale: () => tf.sum(asRows(tf.mul(inner, input)), 0),
        shift: () => tf.sum(asRows(inner), 0),
      };
    },
  });
}
