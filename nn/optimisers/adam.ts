import type { Optimiser } from 'dna-nas/core/contracts';
import { runKernel } from '../ops/kernel.js';
import { add, div, mul, sqrt, square, sub, type Tensor } from '../tensor.js';
import { requireFraction, requireNonNegative } from './checks.js';
import { slotOptimiser } from './slot-optimiser.js';
import type { Update, UpdateRule } from './update-rule.js';

export interface AdamOptions {
  /** @default 0.9 */
  readonly beta1?: number;
  /** @default 0.999 */
  readonly beta2?: number;
  /** Added outside the root, as PyTorch does. @default 1e-8 */
  readonly epsilon?: number;
  /** Coupled: added to the gradient of tensors that decay. @default 0 */
  readonly weightDecay?: number;
}

/** Adam (Kingma and Ba 2015) in PyTorch's form, bias correction by each parameter's own step count. */
export function adam(options: AdamOptions = {}): Optimiser {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  requireFraction('adam', { beta1, beta2 });
  requireNonNegative('adam', { epsilon });
  const rule: UpdateRule = {
    name: 'adam',
    slots: [
      { name: 'mean', initial: 0 },
      { name: 'variance', initial: 0 },
    ],
    kernel: 'AdamStep',
    runKernel: (inputs, shared, steps) =>
      runKernel('AdamStep', inputs, { ...shared, beta1, beta2, epsilon, steps }),
    update: (inputs) => adamUpdate(inputs, { beta1, beta2, epsilon }),
  };
  return slotOptimiser(rule, { weightDecay });
}

function adamUpdate(
  inputs: Update,
  options: { beta1: number; beta2: number; epsilon: number },
): readonly Tensor[] {
  const { parameter, gradient, slots, learningRate, step, constant } = inputs;
  const { beta1, beta2, epsilon } = options;
  const mean = add(mul(slots[0]!, constant(beta1)), mul(gradient, constant(1 - beta1)));
  const variance = add(mul(slots[1]!, constant(beta2)), mul(square(gradient), constant(1 - beta2)));
  const root = mul(sqrt(variance), constant(1 / Math.sqrt(1 - beta2 ** step)));
  const rate = constant(learningRate / (1 - beta1 ** step));
  const change = div(mul(mean, rate), add(root, constant(epsilon)));
  return [sub(parameter, change), mean, variance];
}
