import { type FeatureShape, type ForwardContext, Module, type Trace } from '../module.js';
import { mbConvTraining } from '../ops/index.js';
import { add, type Tensor, tidy } from '../tensor.js';
import { BatchNorm, foldedInto, normalisation, rememberStatistics } from './batch-norm.js';
import { forwardChain, traceChain } from './chain.js';
import { Conv2d } from './conv2d.js';
import { DepthwiseConv2d } from './depthwise-conv2d.js';
import { makeDivisible } from './divisible.js';
import { dropBranch } from './drop.js';
import { type Branch, forwardFolded, runsFolded } from './folded-branch.js';
import type { Identity } from './identity.js';
import type { LayerStyle } from './layer-style.js';
import { convolutionOptions } from './padding.js';
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
  /** Channels inside are rounded to a multiple of it, as timm does to 8. @default 1 */
  readonly innerDivisor?: number;
  /** Squeezed channels as a share of the *input's*; 0 for no squeeze-and-excitation. @default 0 */
  readonly squeezeExcite?: number;
  /** Probability that a sample's branch is dropped in training, where there is a residual. @default 0 */
  readonly dropConnect?: number;
}

/** Channels between the two 1×1 convolutions of an MBConv. */
export function innerChannels(
  options: Pick<MBConvOptions, 'inputChannels' | 'expansion' | 'innerDivisor'>,
): number {
  const { inputChannels, expansion, innerDivisor = 1 } = options;
  const exact = inputChannels * expansion;
  return innerDivisor === 1 ? Math.round(exact) : makeDivisible(exact, innerDivisor);
}

/**
 * Mobile inverted bottleneck (timm's InvertedResidual): expand, depthwise, squeeze-and-excite, project; with a
 * residual where the stride is 1 and the channels stay. Tensors: `conv_pw`, `bn1`, `conv_dw`, `bn2`, `se`,
 * `conv_pwl`, `bn3`.
 */
export class MBConv extends Module {
  static override readonly repeatable = true;

  readonly #expand: Conv2d;
  readonly #norm1: BatchNorm | Identity;
  readonly #depthwise: DepthwiseConv2d;
  readonly #norm2: BatchNorm | Identity;
  readonly #squeeze: SqueezeExcite | undefined;
  readonly #project: Conv2d;
  readonly #norm3: BatchNorm | Identity;
  readonly #parts: Branch;
  readonly #residual: boolean;

  constructor(readonly options: MBConvOptions) {
    super();
    const { inputChannels, outputChannels, kernel, stride = 1, squeezeExcite = 0 } = options;
    const { activation = 'swish', padding, batchNorm } = options;
    const channels = innerChannels(options);
    const folded = foldedInto(batchNorm, activation);
    const expand = { inputChannels, outputChannels: channels, kernel: 1, ...folded };
    const project = { inputChannels: channels, outputChannels, kernel: 1, ...foldedInto(batchNorm) };
    const reduced = Math.max(1, Math.round(inputChannels * squeezeExcite));
    this.#expand = this.child('conv_pw', new Conv2d(expand));
    this.#norm1 = this.child('bn1', normalisation(channels, batchNorm, activation));
    this.#depthwise = this.child(
      'conv_dw',
      new DepthwiseConv2d({ channels, kernel, stride, padding, ...folded }),
    );
    this.#norm2 = this.child('bn2', normalisation(channels, batchNorm, activation));
    if (squeezeExcite > 0) {
      this.#squeeze = this.child('se', new SqueezeExcite({ channels, reduced, activation }));
    }
    this.#project = this.child('conv_pwl', new Conv2d(project));
    this.#norm3 = this.child('bn3', normalisation(outputChannels, batchNorm));
    this.#parts = {
      expand: { convolution: this.#expand, norm: this.#norm1 },
      depthwise: { convolution: this.#depthwise, norm: this.#norm2 },
      squeeze: this.#squeeze,
      project: { convolution: this.#project, norm: this.#norm3 },
    };
    this.#residual = stride === 1 && inputChannels === outputChannels;
  }

  get #chain(): readonly Module[] {
    const squeeze = this.#squeeze ? [this.#squeeze] : [];
    return [
      ...[this.#expand, this.#norm1, this.#depthwise, this.#norm2],
      ...[...squeeze, this.#project, this.#norm3],
    ];
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    const { activation = 'swish' } = this.options;
    const branch = this.#parts;
    if (runsFolded(branch, context))
      return forwardFolded(x, branch, { activation, residual: this.#residual });
    return tidy(() => {
      const y = this.#branch(x, context);
      return this.#residual ? add(dropBranch(y, this.options.dropConnect, context), x) : y;
    });
  }

  #branch(x: Tensor, context: ForwardContext): Tensor {
    const norms = [this.#norm1, this.#norm2, this.#norm3];
    const whole = norms.every((norm): norm is BatchNorm => norm instanceof BatchNorm);
    return whole && this.#squeeze && context.mode !== 'evaluate'
      ? this.#train(x, this.#squeeze, norms, context)
      : forwardChain(this.#chain, x, () => context);
  }

  /** The branch by the batch's statistics, in one op. */
  #train(x: Tensor, squeeze: SqueezeExcite, norms: readonly BatchNorm[], context: ForwardContext): Tensor {
    const [norm1, norm2, norm3] = norms as [BatchNorm, BatchNorm, BatchNorm];
    const { strides, padding } = convolutionOptions(this.#depthwise.options);
    const weights = {
      ...squeeze.weights(),
      ...{ expand: this.#expand.weight.value, norm1: norm1.weights() },
      ...{ filter: this.#depthwise.weight.value, norm2: norm2.weights() },
      ...{ project: this.#project.weight.value, norm3: norm3.weights() },
    };
    const { epsilon, activation } = norm1;
    const window = { stride: strides as number, padding: padding! };
    const { y, statistics } = mbConvTraining(x, weights, { ...window, epsilon, activation });
    const [inner, outer] = [x, y].map((map) => map.shape[0]! * map.shape[1]! * map.shape[2]!);
    const counts = [inner!, outer!, outer!];
    const batches = norms.map((norm, at) => ({ norm, ...statistics[at]!, count: counts[at]! }));
    rememberStatistics(batches, context);
    return y;
  }

  /** What its last convolution sees: [n, h, w, inputs] → [n, h', w', inner]. */
  inner(x: Tensor, context: ForwardContext): Tensor {
    return forwardChain(this.#chain.slice(0, -2), x, () => context);
  }

  /** Whether its input is added to what the branch computes. */
  get residual(): boolean {
    return this.#residual;
  }

  override trace(input: FeatureShape): Trace {
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
