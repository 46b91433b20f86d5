import type { Activation } from '../kernels.js';
import { type FeatureShape, type ForwardContext, Module, type ModuleTensor } from '../module.js';
import { batchNorm, batchNormTraining, blend } from '../ops/index.js';
import { clone, mul, type Tensor, tidy } from '../tensor.js';
import type { BiasOptions } from './bias.js';
import { Identity } from './identity.js';
import { ones, zeros } from './initialisers.js';
import { requireChannels } from './padding.js';

export interface BatchNormSettings {
  /** Share of the batch in the running statistics, as PyTorch counts it. @default 0.1 */
  readonly momentum?: number;
  /** Added to the variance. @default 1e-5 */
  readonly epsilon?: number;
}

export interface BatchNormOptions extends BatchNormSettings {
  readonly channels: number;
  /** Applied to the result, fused where the backend can. @default 'none' */
  readonly activation?: Activation;
}

/**
 * Batch norm over all axes but the last, with an activation: [.., c] → [.., c]. Tensors: `weight`, `bias`,
 * `running_mean`, `running_var`. In `train` the running statistics move by `momentum` towards the batch's, in
 * `calibrate` they become the batch's; the running variance is the unbiased one in both, as in PyTorch.
 */
export class BatchNorm extends Module {
  readonly weight: ModuleTensor;
  readonly bias: ModuleTensor;
  readonly runningMean: ModuleTensor;
  readonly runningVariance: ModuleTensor;
  readonly momentum: number;
  readonly epsilon: number;
  readonly activation: Activation;

  constructor(readonly options: BatchNormOptions) {
    super();
    const { channels, momentum = 0.1, epsilon = 1e-5, activation = 'none' } = options;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.activation = activation;
    this.weight = this.parameter('weight', [channels], { initialiser: ones });
    this.bias = this.parameter('bias', [channels], { initialiser: zeros });
    this.runningMean = this.buffer('running_mean', [channels], { initialiser: zeros });
    this.runningVariance = this.buffer('running_var', [channels], { initialiser: ones });
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    const { epsilon, activation } = this;
    if (context.mode === 'evaluate') {
      const statistics = { mean: this.runningMean.value, variance: this.runningVariance.value };
      const vectors = { ...statistics, scale: this.weight.value, offset: this.bias.value };
      return batchNorm(x, vectors, { epsilon, activation });
    }
    return tidy(() => {
      const { y, mean, variance } = batchNormTraining(x, this.weight.value, this.bias.value, {
        epsilon,
        activation,
      });
      const count = x.size / this.options.channels;
      this.#remember({ mean, variance, count }, context.mode === 'calibrate' ? 1 : this.momentum);
      return y;
    });
  }

  #remember(batch: { mean: Tensor; variance: Tensor; count: number }, share: number): void {
    if (batch.count < 2) {
      throw new RangeError(
        'Batch norm needs more than one value a channel to train or calibrate: use a larger batch.',
      );
    }
    const unbiased = batch.count / (batch.count - 1);
    if (share === 1) {
      this.runningMean.assign(clone(batch.mean));
      this.runningVariance.assign(mul(batch.variance, unbiased));
      return;
    }
    const [mean, variance] = blend(
      [
        { old: this.runningMean.value, fresh: batch.mean, share },
        { old: this.runningVariance.value, fresh: batch.variance, share: share * unbiased },
      ],
      1 - share,
    );
    this.runningMean.assign(mean!);
    this.runningVariance.assign(variance!);
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    requireChannels('BatchNorm', input, this.options.channels);
    return { output: input, macs: 0 };
  }
}

/** A batch norm with its activation, or nothing where `foldedInto` gives both to the convolution before it. */
export function normalisation(
  channels: number,
  settings: BatchNormSettings | 'folded' | undefined,
  activation: Activation = 'none',
): BatchNorm | Identity {
  return settings === 'folded' ? new Identity() : new BatchNorm({ ...settings, channels, activation });
}

/** What a convolution takes over from the batch norm behind it. */
export function foldedInto(
  settings: BatchNormSettings | 'folded' | undefined,
  activation: Activation = 'none',
): BiasOptions {
  if (settings !== 'folded') return {};
  return activation === 'none' ? { bias: true } : { bias: true, activation };
}
