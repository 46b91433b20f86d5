import { type FeatureShape, type ForwardContext, Module } from '../module.js';
import { add, type Tensor, tidy } from '../tensor.js';
import { foldedInto, normalisation } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import { DepthwiseConv2d } from './depthwise-conv2d.js';
import { dropBranch } from './drop.js';
import type { LayerStyle } from './layer-style.js';
import { SqueezeExcite } from './squeeze-excite.js';

export interface MBConvOptions extends LayerStyle {
  readonly inputChannels: number;
  readonly outputChannels: number;
  /** Height and width of the depthwise filter. */
  readonly kernel: number;
  /** @default 1 */
  readonly stride?: number;
  /** Channels inside as a multiple of the input's; 1 still has its expanding convolution, as in timm. */
  readonly expansion: number;
  /** Squeezed channels as a share of the *input's*; 0 for no squeeze-and-excitation. @default 0 */
  readonly squeezeExcite?: number;
  /** Probability that a sample's branch is dropped in training, where there is a residual. @default 0 */
  readonly dropConnect?: number;
}

/**
 * Mobile inverted bottleneck (timm's InvertedResidual): expand, depthwise, squeeze-and-excite, project; with a
 * residual where the stride is 1 and the channels stay. Tensors: `conv_pw`, `bn1`, `conv_dw`, `bn2`, `se`,
 * `conv_pwl`, `bn3`.
 */
export class MBConv extends Module {
  readonly #chain: readonly Module[];
  readonly #residual: boolean;

  constructor(readonly options: MBConvOptions) {
    super();
    const { inputChannels, outputChannels, kernel, stride = 1, expansion, squeezeExcite = 0 } = options;
    const { activation = 'swish', padding, batchNorm } = options;
    const channels = Math.round(inputChannels * expansion);
    const folded = foldedInto(batchNorm, activation);
    const expand = { inputChannels, outputChannels: channels, kernel: 1, ...folded };
    const project = { inputChannels: channels, outputChannels, kernel: 1, ...foldedInto(batchNorm) };
    const reduced = Math.max(1, Math.round(inputChannels * squeezeExcite));
    const squeeze = squeezeExcite === 0 ? [] : [new SqueezeExcite({ channels, reduced, activation })];
    this.#chain = [
      this.child('conv_pw', new Conv2d(expand)),
      this.child('bn1', normalisation(channels, batchNorm, activation)),
      this.child('conv_dw', new DepthwiseConv2d({ channels, kernel, stride, padding, ...folded })),
      this.child('bn2', normalisation(channels, batchNorm, activation)),
      ...squeeze.map((module) => this.child('se', module)),
      this.child('conv_pwl', new Conv2d(project)),
      this.child('bn3', normalisation(outputChannels, batchNorm)),
    ];
    this.#residual = stride === 1 && inputChannels === outputChannels;
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    return tidy(() => {
      const y = forwardChain(this.#chain, x, () => context);
      return this.#residual ? add(dropBranch(y, this.options.dropConnect, context), x) : y;
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    return traceChain(this.#chain, input);
  }

  override foldable(): ReadonlyMap<string, string> {
    return new Map([
      ['conv_pw', 'bn1'],
      ['conv_dw', 'bn2'],
      ['conv_pwl', 'bn3'],
    ]);
  }

  override withoutBatchNorm(): MBConv {
    return new MBConv({ ...this.options, batchNorm: 'folded' });
  }
}
