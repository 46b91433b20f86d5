import { definePlugin } from 'dna-nas/core';
import type { FeatureShape, ForwardContext } from 'dna-nas/core/contracts';
import { Module, type ModuleTensor, tf } from 'dna-nas/nn';
import { BatchNorm, ClassifierHead, initialisers, Stem } from 'dna-nas/nn/layers';
import { conv2d } from 'dna-nas/nn/ops';
import { type LayerShape, layeredSpace } from 'dna-nas/nn/space';

type Options = LayerShape & { readonly kernel: number; readonly dilation: number };

/** Convolution, batch norm, ReLU, and a residual where the shape stays. */
class ResidualConvolution extends Module {
  /** It depends on its input and weights alone: passes are recorded once. */
  static override readonly repeatable = true;

  readonly #weight: ModuleTensor;
  readonly #norm: BatchNorm;

  constructor(readonly options: Options) {
    super();
    const { kernel, inputChannels, outputChannels } = options;
    this.#weight = this.parameter('weight', [kernel, kernel, inputChannels, outputChannels], {
      initialiser: initialisers.normalFanOut,
      layout: 'convolution',
    });
    this.#norm = this.child('norm', new BatchNorm({ channels: outputChannels, activation: 'relu' }));
  }

  override forward(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    const { stride: strides, dilation: dilations, inputChannels, outputChannels } = this.options;
    return tf.tidy(() => {
      const y = this.#norm.forward(conv2d(x, this.#weight.value, { strides, dilations }), context);
      return strides === 1 && inputChannels === outputChannels ? tf.add(x, y) : y;
    });
  }

  override trace({ height, width }: FeatureShape) {
    const { stride, outputChannels: channels } = this.options;
    const output = { height: Math.ceil(height / stride), width: Math.ceil(width / stride), channels };
    return { output, macs: output.height * output.width * this.#weight.size };
  }
}

/** A space without MBConv: plain and dilated residual convolutions. */
export default definePlugin({
  name: 'space-plain-convolution',
  module: import.meta.url,
  description: 'Residual convolutions that differ in kernel and dilation.',
  apply(run) {
    const space = layeredSpace({
      name: 'plain-convolution',
      blocks: [16, 24, 32].map((channels, block) => ({
        stride: block === 0 ? 1 : 2,
        cells: [1, 2].map((layers) => ({ layers, channels })),
      })),
      operations: ['k3', 'k3d2', 'k5'],
      createOperation(operation, shape) {
        const [kernel = 3, dilation = 1] = operation.slice(1).split('d').map(Number);
        return new ResidualConvolution({ ...shape, kernel, dilation });
      },
      createStem: (inputChannels) => new Stem({ inputChannels, outputChannels: 16, activation: 'relu' }),
      createHead: (inputChannels, { classes, dropout }) =>
        new ClassifierHead({ inputChannels, channels: 128, classes, dropout, activation: 'relu' }),
    });
    run.hooks.resolveSpace.tap('space-plain-convolution', () => space);
  },
});
