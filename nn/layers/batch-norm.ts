import type { Activation } from '../kernels/attributes.js';
import { type FeatureShape, type ForwardContext, Module, type ModuleTensor } from '../module.js';
import { type BatchNormVectors, batchNorm, batchNormTraining, blend } from '../ops/index.js';
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

export interface BatchNormLayerOptions extends BatchNormSettings {
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
  static override readonly repeatable = true;

  readonly weight: ModuleTensor;
  readonly bias: ModuleTensor;
  readonly runningMean: ModuleTensor;
  readonly runningVariance: ModuleTensor;
  readonly activation: Activation;
  #momentum: number;
  #epsilon: number;

  constructor(readonly options: BatchNormLayerOptions) {
    super();
    const { channels, momentum = 0.1, epsilon = 1e-5, activation = 'none' } = options;
    this.#momentum = momentum;
    this.#epsilon = epsilon;
    this.activation = activation;
    this.weight = this.parameter('weight', [channels], { initialiser: ones });
    this.bias = this.parameter('bias', [channels], { initialiser: zeros });
    this.runningMean = this.buffer('running_mean', [channels], { initialiser: zeros });
    this.runningVariance = this.buffer('running_var', [channels], { initialiser: ones });
  }

  get momentum(): number {
    return this.#momentum;
  }

  get epsilon(): number {
    return this.#epsilon;
  }

  /** Changes how it normalises; what is absent stays. */
  restyle({ momentum, epsilon }: BatchNormSettings): void {
    this.#momentum = momentum ?? this.#momentum;
    this.#epsilon = epsilon ?? this.#epsilon;
  }

  /** What the norm learns, each [channels]. */
  weights(): { scale: Tensor; offset: Tensor } {
    return { scale: this.weight.value, offset: this.bias.value };
  }

  /** By what it normalises in `evaluate`, each [channels]. */
  fixed(): BatchNormVectors {
    return { mean: this.runningMean.value, variance: this.runningVariance.value, ...this.weights() };
  }

  override forward(x: Tensor, context: ForwardContext): Tensor {
    const { epsilon, activation } = this;
    if (context.mode === 'evaluate') return batchNorm(x, this.fixed(), { epsilon, activation });
    return tidy(() => {
      const { y, mean, variance } = batchNormTraining(x, this.weight.value, this.bias.value, {
        epsilon,
        activation,
      });
      const count = x.size / this.options.channels;
      rememberStatistics([{ norm: this, mean, variance, count }], context);
      return y;
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    requireChannels('BatchNorm', input, this.options.channels);
    return { output: input, macs: 0 };
  }
}

/** Gives all batch norms of a module, its own included, other settings; returns the module. */
export function restyleBatchNorms<M extends Module>(module: M, settings: BatchNormSettings | undefined): M {
  if (!settings) return module;
  if (module instanceof BatchNorm) module.restyle(settings);
  for (const child of module.children().values()) restyleBatchNorms(child, settings);
  return module;
}

/** Epsilon of each batch norm below a module, by what the names of its tensors begin with: `blocks.0.0.bn1.`. */
export function normEpsilons(module: Module, prefix = ''): Map<string, number> {
  const found = new Map<string, number>();
  if (module instanceof BatchNorm) found.set(prefix, module.epsilon);
  for (const [name, child] of module.children())
    for (const [path, epsilon] of normEpsilons(child, module.childPrefix(name, prefix)))
      found.set(path, epsilon);
  return found;
}

/** What a norm saw in one batch. */
export interface BatchStatistics {
  readonly norm: BatchNorm;
  /** [c] */
  readonly mean: Tensor;
  /** [c], biased */
  readonly variance: Tensor;
  /** Values a channel. */
  readonly count: number;
}

/**
 * Moves the running statistics of norms of one momentum as the mode says: towards the batch's, or all the way in
 * `calibrate`. Throws where a channel has but one value.
 */
export function rememberStatistics(batches: readonly BatchStatistics[], { mode }: ForwardContext): void {
  if (batches.some(({ count }) => count < 2)) {
    throw new RangeError(
      'Batch norm needs more than one value a channel to train or calibrate: use a larger batch.',
    );
  }
  const share = mode === 'calibrate' ? 1 : batches[0]!.norm.momentum;
  if (share === 1) for (const batch of batches) adopt(batch);
  else approach(batches, share);
}

function unbiased(count: number): number {
  return count / (count - 1);
}

function adopt({ norm, mean, variance, count }: BatchStatistics): void {
  norm.runningMean.assign(clone(mean));
  norm.runningVariance.assign(mul(variance, unbiased(count)));
}

function approach(batches: readonly BatchStatistics[], share: number): void {
  const pairs = batches.flatMap(({ norm: { runningMean, runningVariance }, mean, variance, count }) => [
    pair(runningMean, { fresh: mean, share }),
    pair(runningVariance, { fresh: variance, share: share * unbiased(count) }),
  ]);
  blend(pairs, 1 - share);
}

function pair(running: ModuleTensor, { fresh, share }: { fresh: Tensor; share: number }) {
  return { old: running.value, fresh, share, take: (moved: Tensor) => running.assign(moved) };
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
