import type { Activation } from 'dna-nas/nn';

const CODES: Readonly<Record<Activation, number>> = { none: 0, relu: 1, relu6: 2, swish: 3, sigmoid: 4 };

/** The number under which the addon knows an activation (`native/activation.h`). */
export function activationCode(activation: Activation): number {
  return CODES[activation];
}
