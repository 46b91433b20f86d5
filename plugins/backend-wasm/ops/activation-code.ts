import type { Activation } from 'dna-nas/nn';

/** The numbers of `kernels/activation.ts`. */
const CODES: Readonly<Record<Activation, number>> = { none: 0, relu: 1, relu6: 2, swish: 3, sigmoid: 4 };

/** The number under which the kernels know an activation. */
export function activationCode(activation: Activation | undefined): number {
  const code = CODES[activation ?? 'none'];
  if (code === undefined) {
    throw new Error(`Unknown activation "${activation}"; known are ${Object.keys(CODES).join(', ')}.`);
  }
  return code;
}
