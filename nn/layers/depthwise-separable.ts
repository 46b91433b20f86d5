import { type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { add, type Tensor, tidy } from '../tensor.js';
import { foldedInto, normalisation } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import { DepthwiseConv2d } from './depthwise-conv2d.js';
import { dropBranch } from './drop.js';
import { type Branch, forwardFolded, runsFolded } from './folded-branch.js';
import type { MBConvOptions } from './mb-conv.js';
import { SqueezeExcite } from './squeeze-excite.js';

export type DepthwiseSeparableOptions = Omit<MBConvOptions, 'expansion' | 'innerDivisor'>;

/**
 * Depthwise separable convolution (timm's DepthwiseSeparableConv), the MBConv without expansion: depthwise,
 * squeeze-and-excite, project; with a residual where the stride is 1 and the channels stay. Tensors: `conv_dw`, `bn1`,
 * `se`, `conv_pw`, `bn2`.
 */
export class DepthwiseSeparable extends Module {
  static override readonly repeatable = true;

  readonly #chain: readonly Module[];
  readonly #branch: Branch;
  readonly #residual: boolean;

  constructor(readonly options: DepthwiseSeparableOptions) {
    super();
    const { inputChannels: channels, outputChannels, kernel, stride = 1, squeezeExcite = 0 } = options;
    const { activation = 'swish', padding, batchNorm } = options;
    const depthwise = { channels, kernel, stride, padding, ...foldedInto(batchNorm, activation) };
    const project = { inputChannels: channels, outputChannels, kernel: 1, ...foldedInto(batchNorm) };
    const reduced = Math.max(1, Math.round(channels * squeezeExcite));
    const squeeze = squeezeExcite === 0 ? undefined : new SqueezeExcite({ channels, reduced, activation });
    const branch: Branch = {
      depthwise: {
        convolution: this.child('conv_dw', new DepthwiseConv2d(depthwise)),
        norm: this.child('bn1', normalisation(channels, batchNorm, activation)),
      },
      squeeze: squeeze && this.child('se', squeeze),
      project: {
        convolution: this.child('conv_pw', new Conv2d(project)),
        norm: this.child('bn2', normalisation(outputChannels, batchNorm)),
      },
    };
    this.#chain = [...this.children().values()];
    this.#branch = branch;
    this.#residual = stride === 1 && channels === outputChannels;
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    const { activation = 'swish' } = this.options;
    const branch = this.#branch;
    if (runsFolded(branch, context))
      return forwardFolded(x, branch, { activation, residual: this.#residual });
    return tidy(() => {
      const y = forwardChain(this.#chain, x, () => context);
      return this.#residual ? add(dropBranch(y, this.options.dropConnect, context), x) : y;
    });
  }

  override trace(input: FeatureShape): Trace {
    return traceChain(this.#chain, input);
  }

  override foldable(): ReadonlyMap<string, string> {
    return new Map([
      ['conv_dw', 'bn1'],
      ['conv_pw', 'bn2'],
    ]);
  }

  override withoutBatchNorm(): DepthwiseSeparable {
    return new DepthwiseSeparable({ ...this.options, batchNorm: 'folded' });
  }
}
