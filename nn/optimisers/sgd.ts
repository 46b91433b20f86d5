import type { Optimiser } from 'dna-nas/core/contracts';
import { runKernel } from '../ops/kernel.js';
import { add, mul, sub, type Tensor } from '../tensor.js';
import { requireFraction } from './checks.js';
import { slotOptimiser } from './slot-optimiser.js';
import type { Update, UpdateRule } from './update-rule.js';

export interface SgdOptions {
  /** @default 0 */
  readonly momentum?: number;
  /** Looks ahead by one momentum step, as PyTorch does. @default false */
  readonly nesterov?: boolean;
  /** Coupled: added to the gradient of tensors that decay. @default 0 */
  readonly weightDecay?: number;
}

/** Stochastic gradient descent: `buffer = momentum·buffer + gradient; parameter −= rate·buffer`. */
export function sgd(options: SgdOptions = {}): Optimiser {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireFraction('sgd', { momentum });
  if (nesterov && momentum === 0)
    throw new RangeError('sgd: nesterov needs a momentum above 0; give one or drop it.');
  const rule: UpdateRule = {
    name: 'sgd',
    slots: [{ name: 'momentum', initial: 0 }],
    kernel: 'SgdStep',
    runKernel: (inputs, shared) => runKernel('SgdStep', inputs, { ...shared, momentum, nesterov }),
    update: (inputs) => sgdUpdate(inputs, { momentum, nesterov }),
  };
  return slotOptimiser(rule, { weightDecay });
}

function sgdUpdate(inputs: Update, options: { momentum: number; nesterov: boolean }): readonly Tensor[] {
  const { parameter, gradient, slots, learningRate, constant } = inputs;
  const momentum = constant(options.momentum);
  const buffer = add(mul(slots[0]!, momentum), gradient);
  const direction = options.nesterov ? add(gradient, mul(buffer, momentum)) : buffer;
  return [sub(parameter, mul(direction, constant(learningRate))), buffer];
}
