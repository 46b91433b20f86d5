// A space of pooling and gain: a path of gain 1 does what the block of a teacher does that makes images smaller.
import { definePlugin } from 'dna-nas/core';
import { Module, tf } from 'dna-nas/nn';
import { ClassifierHead } from 'dna-nas/nn/layers';
import { conv2d } from 'dna-nas/nn/ops';
import { layeredSpace } from 'dna-nas/nn/space';

const GAINS = { stem: 1, own: 1, weak: 0.5, strong: 1.5 };

/** Pooling, then every channel times a gain that stands in its weights. */
class Gain extends Module {
  #weight;

  constructor(gain, stride) {
    super();
    this.stride = stride;
    const values = Float32Array.of(gain, 0, 0, 0, gain, 0, 0, 0, gain);
    this.#weight = this.parameter('weight', [1, 1, 3, 3], { initialiser: () => values });
  }

  forward(x) {
    return tf.tidy(() => {
      const small = this.stride === 1 ? x : tf.avgPool(x, this.stride, this.stride, 'valid');
      return conv2d(small, this.#weight.value, { strides: 1 });
    });
  }

  trace({ height, width }) {
    const output = { height: height / this.stride, width: width / this.stride, channels: 3 };
    return { output, macs: output.height * output.width * 9 };
  }
}

/** The same gains in another order are one network. */
const sorted = (architecture) =>
  architecture.map(({ cell, path }) => ({ cell, path: path.toSorted((a, b) => a - b) }));

export default definePlugin({
  name: 'witness-gains',
  description: 'Pooling, times a gain.',
  module: import.meta.url,
  options: {
    properties: {
      equals: {
        description: 'Whether it tells which paths are one network.',
        type: 'boolean',
        default: false,
      },
    },
  },
  apply(run, { equals }) {
    const space = layeredSpace({
      name: 'witness-answers',
      blocks: [1, 2].map((stride) => ({ stride, cells: [1, 2].map((layers) => ({ layers, channels: 3 })) })),
      operations: ['own', 'weak', 'strong'],
      createOperation: (operation, { stride }) => new Gain(GAINS[operation], stride),
      createStem: () => new Gain(GAINS.stem, 2),
      createHead: (inputChannels, { classes, dropout }) =>
        new ClassifierHead({ inputChannels, channels: 5, classes, dropout, activation: 'relu' }),
      ...(equals && { canonical: sorted }),
    });
    run.hooks.resolveSpace.tap('witness-gains', () => space);
  },
});
