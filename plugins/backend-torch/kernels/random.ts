import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

/** tfjs draws all other random numbers in JavaScript. */
const multinomial = torchKernel<tf.MultinomialAttrs>('Multinomial', ({ tensor, attributes, ops }) =>
  ops.multinomial(tensor('logits'), attributes.numSamples, attributes.seed, attributes.normalized),
);

export const RANDOM_KERNELS: readonly TorchKernel[] = [multinomial];
