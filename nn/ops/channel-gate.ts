import type { Tensor } from '../tensor.js';
import * as tf from '../tensor.js';
import { differentiable, hasKernel, runKernel } from './kernel.js';
import { shapeError } from './shapes.js';

function overPositions(gate: Tensor): Tensor {
  return tf.reshape(gate, [gate.shape[0]!, 1, 1, gate.shape[1]!]);
}

/** `channelGate` of plain tfjs ops. */
export function channelGateReference(x: Tensor, gate: Tensor): Tensor {
  return tf.mul(x, overPositions(gate));
}

function gradient(dy: Tensor, saved: Tensor[]): { x: () => Tensor; gate: () => Tensor } {
  const [x, gate] = saved as [Tensor, Tensor];
  if (hasKernel('ChannelGateGrad')) {
    const { dx, dgate } = runKernel('ChannelGateGrad', { dy, x, gate });
    return { x: () => dx, gate: () => dgate };
  }
  return { x: () => channelGateReference(dy, gate), gate: () => tf.sum(tf.mul(dy, x), [1, 2]) };
}

/** Scales each sample's channels: x [n, h, w, c], gate [n, c] → as x. */
export function channelGate(x: Tensor, gate: Tensor): Tensor {
  if (x.rank !== 4 || gate.rank !== 2 || x.shape[0] !== gate.shape[0] || x.shape[3] !== gate.shape[1]) {
    throw shapeError('channelGate', 'x [n, h, w, c] and gate [n, c]', { x, gate });
  }
  return differentiable({
    op: 'channelGate',
    inputs: { x, gate },
    forward: (save) => {
      save([x, gate]);
      return hasKernel('ChannelGate') ? runKernel('ChannelGate', { x, gate }) : channelGateReference(x, gate);
    },
    backward: gradient,
  });
}
