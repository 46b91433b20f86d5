import type { Activation } from '../kernels/attributes.js';
import { type FeatureShape, type ForwardContext, Module } from '../module.js';
import { squeezeExcite } from '../ops/index.js';
import { reshape, type Tensor, tidy } from '../tensor.js';
import { Conv2d } from './conv2d.js';

export interface SqueezeExciteOptions {
  readonly channels: number;
  /** Channels between its two layers. */
  readonly reduced: number;
  /** Between its two layers. @default 'swish' */
  readonly activation?: Activation;
}

/**
 * Squeeze-and-excitation (Hu et al. 2018): scales each channel by what a small network makes of all channels' means.
 * Its layers are 1×1 convolutions by name and in files (`conv_reduce`, `conv_expand`), as in timm.
 */
export class SqueezeExcite extends Module {
  static override readonly repeatable = true;

  readonly #reduce: Conv2d;
  readonly #expand: Conv2d;

  constructor(readonly options: SqueezeExciteOptions) {
    super();
    const { channels, reduced } = options;
    const pointwise = { kernel: 1, bias: true };
    this.#reduce = this.child(
      'conv_reduce',
      new Conv2d({ inputChannels: channels, outputChannels: reduced, ...pointwise }),
    );
    this.#expand = this.child(
      'conv_expand',
      new Conv2d({ inputChannels: reduced, outputChannels: channels, ...pointwise }),
    );
  }

  /** [1, 1, channels, reduced] and back, with their biases. */
  weights(): { reduce: Tensor; reduceBias: Tensor; excite: Tensor; exciteBias: Tensor } {
    return {
      reduce: this.#reduce.weight.value,
      reduceBias: this.#reduce.bias!.value,
      excite: this.#expand.weight.value,
      exciteBias: this.#expand.bias!.value,
    };
  }

  override forward(x: Tensor, _context: ForwardContext): Tensor {
    const { channels, reduced, activation } = this.options;
    return tidy(() => {
      const weights = {
        reduceWeight: reshape(this.#reduce.weight.value, [channels, reduced]),
        reduceBias: this.#reduce.bias!.value,
        expandWeight: reshape(this.#expand.weight.value, [reduced, channels]),
        expandBias: this.#expand.bias!.value,
      };
      return squeezeExcite(x, weights, { activation });
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    const squeezed = this.#reduce.trace({ height: 1, width: 1, channels: input.channels });
    return { output: input, macs: squeezed.macs + this.#expand.trace(squeezed.output).macs };
  }

  override withoutBatchNorm(): SqueezeExcite {
    return new SqueezeExcite(this.options);
  }
}
