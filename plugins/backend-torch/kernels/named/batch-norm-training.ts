import type { Activation } from 'dna-nas/nn';
import { activationCode } from './activation-code.js';
import { namedListKernel } from './named-kernel.js';

interface Attributes {
  readonly epsilon: number;
  readonly activation: Activation;
}

const forward = namedListKernel<Attributes>('BatchNormTraining', ({ tensor, attributes, ops }) =>
  ops.batchNormTraining!(
    tensor('x'),
    tensor('scale'),
    tensor('offset'),
    attributes.epsilon,
    activationCode(attributes.activation),
  ),
);

const gradient = namedListKernel<Attributes>('BatchNormTrainingGrad', ({ tensor, attributes, ops }) =>
  ops.batchNormTrainingGrad!(
    tensor('dy'),
    tensor('x'),
    tensor('scale'),
    tensor('offset'),
    tensor('mean'),
    tensor('variance'),
    attributes.epsilon,
    activationCode(attributes.activation),
  ),
);

export const BATCH_NORMS = [forward, gradient];
