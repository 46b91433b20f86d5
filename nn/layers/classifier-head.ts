import { type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { globalMean } from '../ops/index.js';
import { type Tensor, tidy } from '../tensor.js';
import { foldedInto, normalisation } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import { dropElements } from './drop.js';
import type { LayerStyle } from './layer-style.js';
import { Linear } from './linear.js';

export interface ClassifierHeadOptions extends LayerStyle {
  readonly inputChannels: number;
  /** Channels of its convolution, which the classifier sees. */
  readonly channels: number;
  readonly classes: number;
  /** Probability that a feature of the classifier is dropped in training. @default 0 */
  readonly dropout?: number;
}

/**
 * What stands behind the last stage: 1×1 convolution, batch norm, activation, mean over the map, dropout, linear:
 * [n, h, w, c] → logits [n, classes]. Tensors: `conv_head`, `bn2`, `classifier`.
 */
export class ClassifierHead extends Module {
  static override readonly repeatable = true;

  readonly #chain: readonly Module[];
  readonly #classifier: Linear;

  constructor(readonly options: ClassifierHeadOptions) {
    super();
    const { inputChannels, channels, classes, activation = 'swish', batchNorm } = options;
    const folded = foldedInto(batchNorm, activation);
    this.#chain = [
      this.child('conv_head', new Conv2d({ inputChannels, outputChannels: channels, kernel: 1, ...folded })),
      this.child('bn2', normalisation(channels, batchNorm, activation)),
    ];
    this.#classifier = this.child('classifier', new Linear({ inputs: channels, outputs: classes }));
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => {
      const features = dropElements(this.pooled(x, context), this.options.dropout, context);
      return this.#classifier.forward(features, context);
    });
  }

  /** What the classifier sees, before dropout: [n, h, w, c] → [n, channels]. */
  pooled(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => globalMean(forwardChain(this.#chain, x, () => context)));
  }

  override trace(input: FeatureShape): Trace {
    const { output: map, macs, activations } = traceChain(this.#chain, input);
    const classified = this.#classifier.trace({ height: 1, width: 1, channels: map.channels });
    return { output: classified.output, macs: macs + classified.macs, activations };
  }

  override foldable(): ReadonlyMap<string, string> {
    return new Map([['conv_head', 'bn2']]);
  }

  override withoutBatchNorm(): ClassifierHead {
    return new ClassifierHead({ ...this.options, batchNorm: 'folded' });
  }
}
