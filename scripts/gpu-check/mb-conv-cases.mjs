// Whole layers in training: forward, and the gradients of the input and all weights.

import { tf } from 'dna-nas/nn';
import { mbConvTraining } from 'dna-nas/nn/ops';
import { MB_CONVS } from './layers.mjs';

const OPTIONS = { epsilon: 1e-3, activation: 'swish' };

/** Cases of a kind with those of `cases.mjs`, which the ops of several kernels compute. */
export function layerCases(batch) {
  return MB_CONVS.map((layer) => {
    const { size, channels, kernel, stride } = layer;
    const [input, inner, , output] = channels;
    const shape = `${size}×${size}×${input}·${inner}·${output} k${kernel} s${stride}`;
    return {
      ...{ name: `MBConv ${shape}`, kernel: 'MBConv', shape, inputs: inputsOf(layer, batch) },
      run: (tensors) => trainLayer(tensors, { ...OPTIONS, stride, padding: (kernel - 1) / 2 }),
    };
  });
}

function inputsOf({ size, channels, kernel }, batch) {
  const [input, inner, squeezed, output] = channels;
  const weight = (shape, fan) => ({ shape, deviation: Math.sqrt(1 / fan) });
  const scale = (length) => ({ shape: [length], about: 1, deviation: 0.2 });
  const offset = (length) => ({ shape: [length], deviation: 0.2 });
  return {
    x: { shape: [batch, size, size, input], map: true },
    expand: weight([1, 1, input, inner], input),
    ...{ scale1: scale(inner), offset1: offset(inner) },
    filter: weight([kernel, kernel, inner, 1], kernel * kernel),
    ...{ scale2: scale(inner), offset2: offset(inner) },
    ...{ reduce: weight([1, 1, inner, squeezed], inner), reduceBias: offset(squeezed) },
    ...{ excite: weight([1, 1, squeezed, inner], squeezed), exciteBias: offset(inner) },
    project: weight([1, 1, inner, output], inner),
    ...{ scale3: scale(output), offset3: offset(output) },
  };
}

function trainLayer(tensors, options) {
  const names = Object.keys(tensors);
  const forward = (...given) => {
    const at = Object.fromEntries(names.map((name, index) => [name, given[index]]));
    const norms = Object.fromEntries(
      [1, 2, 3].map((n) => [`norm${n}`, { scale: at[`scale${n}`], offset: at[`offset${n}`] }]),
    );
    return mbConvTraining(at.x, { ...at, ...norms }, options).y;
  };
  return tf.tidy(() => {
    const given = Object.values(tensors);
    const y = forward(...given);
    // Of a loss that is not linear, or the norms' gradients would vanish.
    const gradients = tf.grads((...all) => tf.mean(tf.square(tf.sigmoid(forward(...all)))))(given);
    return [y, ...gradients];
  });
}
