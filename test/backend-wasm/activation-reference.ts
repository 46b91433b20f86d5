import type { Activation } from 'dna-nas/nn/kernels';

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

export const ACTIVATIONS: readonly Activation[] = ['none', 'relu', 'relu6', 'swish', 'sigmoid'];

/** The activation in float64. */
export function activation(kind: Activation, z: number): number {
  if (kind === 'relu') return Math.max(z, 0);
  if (kind === 'relu6') return Math.min(Math.max(z, 0), 6);
  if (kind === 'swish') return z * sigmoid(z);
  return kind === 'sigmoid' ? sigmoid(z) : z;
}

/** Its slope in float64. */
export function slope(kind: Activation, z: number): number {
  if (kind === 'relu') return z > 0 ? 1 : 0;
  if (kind === 'relu6') return z > 0 && z < 6 ? 1 : 0;
  if (kind === 'swish') return sigmoid(z) * (1 + z * (1 - sigmoid(z)));
  return kind === 'sigmoid' ? sigmoid(z) * (1 - sigmoid(z)) : 1;
}
