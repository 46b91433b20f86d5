// Two blocks of two cells of 1×1 convolutions that write down what they are given.
import { definePlugin } from 'dna-nas/core';
import { Module, tf } from 'dna-nas/nn';
import { ClassifierHead, initialisers } from 'dna-nas/nn/layers';
import { conv2d } from 'dna-nas/nn/ops';
import { layeredSpace } from 'dna-nas/nn/space';
import { marks, note } from './log.mjs';

/** A 1×1 convolution with stride by pooling. In training it draws once from its stream. */
class WitnessLayer extends Module {
  #weight;

  constructor(options) {
    super();
    this.options = options;
    const { inputChannels, outputChannels } = options;
    this.#weight = this.parameter('weight', [1, 1, inputChannels, outputChannels], {
      initialiser: initialisers.normalFanOut,
      layout: 'convolution',
    });
  }

  forward(x, { mode, random }) {
    const { operation, stride } = this.options;
    const drawn = mode === 'train' && random ? random.fork('witness').uniform() : undefined;
    note('layer', { operation, stride, mode, drawn, marks: marks(x), images: x.shape[0] });
    return tf.tidy(() => {
      const small = stride === 1 ? x : tf.avgPool(x, stride, stride, 'valid');
      return conv2d(small, this.#weight.value, { strides: 1 });
    });
  }

  trace({ height, width }) {
    const { stride, outputChannels: channels } = this.options;
    const output = { height: height / stride, width: width / stride, channels };
    return { output, macs: output.height * output.width * this.#weight.size };
  }
}

function layer(operation, options) {
  note('built', { operation, dropConnect: options.dropConnect ?? 0 });
  return new WitnessLayer({ ...options, operation });
}

function head(inputChannels, { classes, dropout }) {
  note('built', { operation: 'head', dropout });
  return new ClassifierHead({ inputChannels, channels: 5, classes, dropout, activation: 'relu' });
}

export default definePlugin({
  name: 'witness-space',
  description: '1×1 convolutions that write down what they are given.',
  module: import.meta.url,
  apply(run) {
    const space = layeredSpace({
      name: 'witness',
      blocks: [4, 6].map((channels, block) => ({
        stride: 1 + block,
        cells: [1, 2].map((layers) => ({ layers, channels: channels + layers })),
      })),
      operations: ['a', 'b', 'c'],
      createOperation: layer,
      createStem: (inputChannels) => layer('stem', { inputChannels, outputChannels: 4, stride: 2 }),
      createHead: head,
    });
    run.hooks.resolveSpace.tap('witness-space', () => space);
  },
});
