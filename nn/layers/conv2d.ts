import { type FeatureShape, type ForwardContext, Module, type ModuleTensor } from '../module.js';
import { conv2d, conv2dBias } from '../ops/index.js';
import type { Tensor } from '../tensor.js';
import type { BiasOptions } from './bias.js';
import { normalFanOut, zeros } from './initialisers.js';
import { convolutionOptions, requireChannels, type WindowOptions, windowOutput } from './padding.js';

export interface Conv2dOptions extends WindowOptions, BiasOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
}

/** A convolution of all channels: [n, h, w, inputs] → [n, h', w', outputs]. Tensors: `weight`, perhaps `bias`. */
export class Conv2d extends Module {
  static override readonly repeatable = true;

  /** [kernel, kernel, inputs, outputs] */
  readonly weight: ModuleTensor;
  /** [outputs] */
  readonly bias: ModuleTensor | undefined;

  constructor(readonly options: Conv2dOptions) {
    super();
    if (options.activation && !options.bias)
      throw new RangeError('A convolution with an activation needs a bias.');
    const { kernel, inputChannels, outputChannels } = options;
    this.weight = this.parameter('weight', [kernel, kernel, inputChannels, outputChannels], {
      initialiser: normalFanOut,
      layout: 'convolution',
    });
    if (options.bias) this.bias = this.parameter('bias', [outputChannels], { initialiser: zeros });
  }

  override forward(x: Tensor, _context: ForwardContext): Tensor {
    const options = convolutionOptions(this.options);
    if (!this.bias) return conv2d(x, this.weight.value, options);
    const { activation } = this.options;
    return conv2dBias(x, this.weight.value, this.bias.value, { ...options, activation });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    requireChannels('Conv2d', input, this.options.inputChannels);
    const output = windowOutput(input, this.options, this.options.outputChannels);
    return { output, macs: output.height * output.width * this.weight.size };
  }

  override withoutBatchNorm(): Conv2d {
    return new Conv2d(this.options);
  }
}
