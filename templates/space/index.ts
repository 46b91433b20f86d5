import { definePlugin } from 'dna-nas/core';
import type { FeatureShape, ForwardContext } from 'dna-nas/core/contracts';
import { Module, tf } from 'dna-nas/nn';
import { BatchNorm, ClassifierHead, Conv2d, Stem } from 'dna-nas/nn/layers';
import { type LayerShape, layeredSpace } from 'dna-nas/nn/space';

/** What an operation is made of: add what yours needs. */
type Options = LayerShape & { readonly kernel: number };

/** One operation of the space: a convolution with batch norm and ReLU. Replace it by your own. */
class Operation extends Module {
  /** It depends on its input and weights alone: passes are recorded once. Leave it away where that is not so. */
  static override readonly repeatable = true;

  readonly #convolution: Conv2d;
  readonly #norm: BatchNorm;

  constructor({ kernel, stride, inputChannels, outputChannels }: Options) {
    super();
    this.#convolution = this.child('conv', new Conv2d({ inputChannels, outputChannels, kernel, stride }));
    this.#norm = this.child('norm', new BatchNorm({ channels: outputChannels, activation: 'relu' }));
  }

  /** The work itself: [images, height, width, channels], float32. */
  override forward(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return tf.tidy(() => this.#norm.forward(this.#convolution.forward(x, context), context));
  }

  /** The output's shape and the multiply-adds for one image, without a tensor: prices are made of it. */
  override trace(input: FeatureShape) {
    return this.#convolution.trace(input);
  }
}

/** A space is a table of blocks and functions that make its parts. */
export default definePlugin({
  name: 'space-template',
  module: import.meta.url,
  description: 'Plain convolutions that differ in their kernel.',
  apply(run) {
    const space = layeredSpace({
      name: 'template',
      // A block for each that the teacher is cut into; its cells compete, as many layers deep and channels wide.
      blocks: [16, 24, 32].map((channels, block) => ({
        stride: block === 0 ? 1 : 2,
        cells: [1, 2].map((layers) => ({ layers, channels })),
      })),
      operations: ['k3', 'k5'],
      createOperation: (name, shape) => new Operation({ ...shape, kernel: Number(name.slice(1)) }),
      createStem: (inputChannels) => new Stem({ inputChannels, outputChannels: 16, activation: 'relu' }),
      createHead: (inputChannels, { classes, dropout }) =>
        new ClassifierHead({ inputChannels, channels: 128, classes, dropout, activation: 'relu' }),
    });
    run.hooks.resolveSpace.tap('space-template', () => space);
  },
});
