import { type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { type Tensor, tidy } from '../tensor.js';
import { foldedInto, normalisation } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import type { LayerStyle } from './layer-style.js';
import type { WindowOptions } from './padding.js';

export interface ConvolutionNormOptions extends LayerStyle, WindowOptions {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** What its tensors are called. @default conv, bn */
  readonly names?: { readonly convolution: string; readonly norm: string };
}

/** A convolution with batch norm and activation: [n, h, w, inputs] → [n, h', w', outputs]. Tensors: `conv`, `bn`. */
export class ConvolutionNorm extends Module {
  static override readonly repeatable = true;

  readonly #chain: readonly Module[];
  readonly #names: { readonly convolution: string; readonly norm: string };

  constructor(readonly options: ConvolutionNormOptions) {
    super();
    const {
      inputChannels,
      outputChannels,
      kernel,
      stride,
      padding,
      activation = 'swish',
      batchNorm,
    } = options;
    const folded = foldedInto(batchNorm, activation);
    const convolution = { inputChannels, outputChannels, kernel, stride, padding, ...folded };
    this.#names = options.names ?? { convolution: 'conv', norm: 'bn' };
    this.#chain = [
      this.child(this.#names.convolution, new Conv2d(convolution)),
      this.child(this.#names.norm, normalisation(outputChannels, batchNorm, activation)),
    ];
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => forwardChain(this.#chain, x, () => context));
  }

  override trace(input: FeatureShape): Trace {
    return traceChain(this.#chain, input);
  }

  override foldable(): ReadonlyMap<string, string> {
    return new Map([[this.#names.convolution, this.#names.norm]]);
  }

  override withoutBatchNorm(): ConvolutionNorm {
    return new ConvolutionNorm({ ...this.options, batchNorm: 'folded' });
  }
}
