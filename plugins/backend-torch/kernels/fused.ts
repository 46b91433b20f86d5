import type { tf } from 'dna-nas/nn';
import type { Handle } from '../native-ops.js';
import type { KernelCall } from '../torch-kernel.js';

/** What tfjs's fused kernels are told of the activation. */
export interface Fused {
  readonly activation?: tf.backend_util.Activation;
  readonly leakyreluAlpha?: number;
}

/** What tfjs takes for a leaky relu where nothing is said. */
const LEAKY_SLOPE = 0.2;

/** What the addon's fused ops take beside their tensors. */
export interface FusedInputs {
  readonly bias: Handle<'bias'> | null;
  /** Of prelu. */
  readonly slopes: Handle<'preluActivationWeights'> | null;
  readonly activation: string;
  /** Of leakyrelu. */
  readonly slope: number;
}

/** Reads bias and activation of a fused kernel's call. */
export function fusedInputs({ inputs, attributes, tensor }: KernelCall<Fused>): FusedInputs {
  return {
    bias: inputs.bias ? tensor('bias') : null,
    slopes: inputs.preluActivationWeights ? tensor('preluActivationWeights') : null,
    activation: attributes.activation ?? 'linear',
    slope: attributes.leakyreluAlpha ?? LEAKY_SLOPE,
  };
}
