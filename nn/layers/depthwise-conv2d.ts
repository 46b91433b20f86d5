import { type FeatureShape, type ForwardContext, Module, type ModuleTensor } from '../module.js';
import { depthwiseConv2d, depthwiseConv2dBias } from '../ops/index.js';
import type { Tensor } from '../tensor.js';
import type { BiasOptions } from './bias.js';
import { normalFanOut, zeros } from './initialisers.js';
import { convolutionOptions, requireChannels, type WindowOptions, windowOutput } from './padding.js';

export interface DepthwiseConv2dOptions extends WindowOptions, BiasOptions {
  readonly channels: number;
}

/** A convolution of each channel on its own: [n, h, w, c] → [n, h', w', c]. Tensors: `weight`, perhaps `bias`. */
export class DepthwiseConv2d extends Module {
  static override readonly repeatable = true;

  /** [kernel, kernel, channels, 1] */
  readonly weight: ModuleTensor;
  /** [channels] */
  readonly bias: ModuleTensor | undefined;

  constructor(readonly options: DepthwiseConv2dOptions) {
    super();
    if (options.activation && !options.bias)
      throw new RangeError('A convolution with an activation needs a bias.');
    const { kernel, channels } = options;
    this.weight = this.parameter('weight', [kernel, kernel, channels, 1], {
      initialiser: normalFanOut,
      layout: 'depthwise',
    });
    if (options.bias) this.bias = this.parameter('bias', [channels], { initialiser: zeros });
  }

  override forward(x: Tensor, _context: ForwardContext): Tensor {
    const options = convolutionOptions(this.options);
    if (!this.bias) return depthwiseConv2d(x, this.weight.value, options);
    const { activation } = this.options;
    return depthwiseConv2dBias(x, this.weight.value, this.bias.value, { ...options, activation });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    requireChannels('DepthwiseConv2d', input, this.options.channels);
    const output = windowOutput(input, this.options, this.options.channels);
    return { output, macs: output.height * output.width * this.weight.size };
  }

  override withoutBatchNorm(): DepthwiseConv2d {
    return new DepthwiseConv2d(this.options);
  }
}
