import type { MbConvAttributes } from 'dna-nas/nn';
import type { TorchKernel } from '../../torch-kernel.js';
import { activationCode } from './activation-code.js';
import { namedListKernel } from './named-kernel.js';

/** Expand, depthwise and project with a norm each, and squeeze-and-excitation. */
const WEIGHTS = 13;

function attributesOf({ strides, padding, epsilon, activation }: MbConvAttributes) {
  return [strides, padding, epsilon, activationCode(activation)] as const;
}

const forward = namedListKernel<MbConvAttributes>(
  'MbConvTraining',
  ({ inputs, backend, attributes, ops }) => {
    const [x, ...weights] = backend.handles(inputs);
    return ops.mbConvTraining!(x!, weights, ...attributesOf(attributes));
  },
);

const gradient = namedListKernel<MbConvAttributes>(
  'MbConvTrainingGrad',
  ({ inputs, backend, attributes, ops }) => {
    const [dy, x, ...rest] = backend.handles(inputs);
    const [weights, kept] = [rest.slice(0, WEIGHTS), rest.slice(WEIGHTS)];
    return ops.mbConvTrainingGrad!(dy!, x!, weights, kept, ...attributesOf(attributes));
  },
);

/** Written for float32 on the CPU: elsewhere the ops of its parts run. */
export const MB_CONV_TRAINING: readonly TorchKernel[] = [forward, gradient].map((kernel) => ({
  ...kernel,
  needs: 'float32 on the CPU',
}));
