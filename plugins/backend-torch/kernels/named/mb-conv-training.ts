import type { MbConvAttributes } from 'dna-nas/nn';
import type { Handle } from '../../binding.js';
import type { KernelCall, TorchKernel } from '../../torch-kernel.js';
import { activationCode } from './activation-code.js';
import { namedListKernel } from './named-kernel.js';

/** Expand, depthwise and project with a norm each, and squeeze-and-excitation. */
const WEIGHTS = 13;

function tensors<Attributes>({ inputs, backend }: KernelCall<Attributes>): Handle[] {
  return Object.values(inputs).map((input) => backend.handle(input));
}

function attributesOf({ strides, padding, epsilon, activation }: MbConvAttributes) {
  return [strides, padding, epsilon, activationCode(activation)] as const;
}

const forward = namedListKernel<MbConvAttributes>('MbConvTraining', (call) => {
  const [x, ...weights] = tensors(call);
  return call.ops.mbConvTraining!(x!, weights, ...attributesOf(call.attributes));
});

const gradient = namedListKernel<MbConvAttributes>('MbConvTrainingGrad', (call) => {
  const [dy, x, ...rest] = tensors(call);
  const [weights, kept] = [rest.slice(0, WEIGHTS), rest.slice(WEIGHTS)];
  return call.ops.mbConvTrainingGrad!(dy!, x!, weights, kept, ...attributesOf(call.attributes));
});

/** Written for float32 on the CPU: elsewhere the ops of its parts run. */
export const MB_CONV_TRAINING: readonly TorchKernel[] = [forward, gradient].map((kernel) => ({
  ...kernel,
  needs: 'float32 on the CPU',
}));
