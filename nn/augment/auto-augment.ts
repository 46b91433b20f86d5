import type { Augmentation } from 'dna-nas/core/contracts';
import type { Normalisation } from '../images/image-memory.js';
import { AUTO_AUGMENT_POLICIES, type AutoAugmentPolicy } from './auto-augment-policies.js';
import { type PolicyOptions, PolicyRunner } from './policy-runner.js';

export interface AutoAugmentOptions extends PolicyOptions {
  /**
   * `original`: the ImageNet policy of the paper (Cubuk et al. 2018); `v0`: the one that EfficientNet was trained
   * with on TPUs. With an `r`, posterise keeps fewer bits the greater the magnitude. @default 'v0'
   */
  readonly policy?: AutoAugmentPolicy;
  /** @default 0 */
  readonly deviation?: number;
}

/** AutoAugment: one of 25 pairs of operations, drawn evenly. `normalisation` as for `randAugment`. */
export function autoAugment(options: AutoAugmentOptions = {}, normalisation?: Normalisation): Augmentation {
  const { policy = 'v0', deviation = 0, interpolation = 'random' } = options;
  if (!Object.hasOwn(AUTO_AUGMENT_POLICIES, policy)) {
    const known = Object.keys(AUTO_AUGMENT_POLICIES).join(', ');
    throw new RangeError(
      `autoAugment: a policy out of ${known} was expected, not ${JSON.stringify(policy)}.`,
    );
  }
  const pairs = AUTO_AUGMENT_POLICIES[policy];
  const runner = new PolicyRunner({ deviation, interpolation, normalisation });
  return {
    name: 'auto-augment',
    apply(pixels, shape, random) {
      const steps = pairs[random.integer(pairs.length)]!;
      runner.apply(pixels, shape, { steps, random });
    },
  };
}
