import { type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { type Tensor, tidy } from '../tensor.js';
import { foldedInto, normalisation } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import type { LayerStyle } from './layer-style.js';

export interface StemOptions extends LayerStyle {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** @default 3 */
  readonly kernel?: number;
  /** @default 2 */
  readonly stride?: number;
}

/** A network's first convolution with batch norm and activation. Tensors: `conv_stem`, `bn1`. */
export class Stem extends Module {
  static override readonly repeatable = true;

  readonly #chain: readonly Module[];

  constructor(readonly options: StemOptions) {
    super();
    const { inputChannels, outputChannels, kernel = 3, stride = 2 } = options;
    const { activation = 'swish', padding, batchNorm } = options;
    const folded = foldedInto(batchNorm, activation);
    this.#chain = [
      this.child(
        'conv_stem',
        new Conv2d({ inputChannels, outputChannels, kernel, stride, padding, ...folded }),
      ),
      this.child('bn1', normalisation(outputChannels, batchNorm, activation)),
    ];
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => forwardChain(this.#chain, x, () => context));
  }

  override trace(input: FeatureShape): Trace {
    return traceChain(this.#chain, input);
  }

  override foldable(): ReadonlyMap<string, string> {
    return new Map([['conv_stem', 'bn1']]);
  }

  override withoutBatchNorm(): Stem {
    return new Stem({ ...this.options, batchNorm: 'folded' });
  }
}
