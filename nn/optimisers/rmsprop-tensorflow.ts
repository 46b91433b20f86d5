import type { Optimiser } from 'dna-nas/core/contracts';
import { runKernel } from '../ops/kernel.js';
import { add, div, mul, sqrt, square, sub, type Tensor } from '../tensor.js';
import { requireFraction, requireNonNegative } from './checks.js';
import { slotOptimiser } from './slot-optimiser.js';
import type { Update, UpdateRule } from './update-rule.js';

export interface RmspropOptions {
  /** Of the mean square. @default 0.9 */
  readonly decay?: number;
  /** @default 0.9 */
  readonly momentum?: number;
  /** Inside the root. @default 1e-3 */
  readonly epsilon?: number;
  /** Coupled: added to the gradient of tensors that decay. @default 0 */
  readonly weightDecay?: number;
}

/**
 * RMSProp in TensorFlow's form, with which the EfficientNets were trained: epsilon inside the root, the learning rate
 * inside the momentum buffer, and a mean square that starts at 1.
 */
export function rmspropTensorFlow(options: RmspropOptions = {}): Optimiser {
  const { decay = 0.9, momentum = 0.9, epsilon = 1e-3, weightDecay = 0 } = options;
  requireFraction('rmspropTensorFlow', { decay, momentum });
  requireNonNegative('rmspropTensorFlow', { epsilon });
  const rule: UpdateRule = {
    name: 'rmspropTensorFlow',
    slots: [
      { name: 'meanSquare', initial: 1 },
      { name: 'momentum', initial: 0 },
    ],
    kernel: 'RmspropStep',
    runKernel: (inputs, shared) => runKernel('RmspropStep', inputs, { ...shared, decay, momentum, epsilon }),
    update: (inputs) => rmspropUpdate(inputs, { decay, momentum, epsilon }),
  };
  return slotOptimiser(rule, { weightDecay });
}

function rmspropUpdate(
  inputs: Update,
  options: { decay: number; momentum: number; epsilon: number },
): readonly Tensor[] {
  const { parameter, gradient, slots, learningRate, constant } = inputs;
  const { decay, momentum, epsilon } = options;
  const meanSquare = add(mul(slots[0]!, constant(decay)), mul(square(gradient), constant(1 - decay)));
  const change = div(mul(gradient, constant(learningRate)), sqrt(add(meanSquare, constant(epsilon))));
  const buffer = add(mul(slots[1]!, constant(momentum)), change);
  return [sub(parameter, buffer), meanSquare, buffer];
}
