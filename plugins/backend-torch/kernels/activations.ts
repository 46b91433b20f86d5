import type { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const clipByValue = torchKernel<tf.ClipByValueAttrs>('ClipByValue', ({ tensor, attributes, ops }) =>
  ops.clipByValue(tensor('x'), attributes.clipValueMin, attributes.clipValueMax),
);

const leakyRelu = torchKernel<tf.LeakyReluAttrs>('LeakyRelu', ({ tensor, attributes, ops }) =>
  ops.leakyRelu(tensor('x'), attributes.alpha),
);

const prelu = torchKernel('Prelu', ({ tensor, ops }) => ops.prelu(tensor('x'), tensor('alpha')));

const eluGrad = torchKernel('EluGrad', ({ tensor, ops }) => ops.eluGrad(tensor('dy'), tensor('y')));

const step = torchKernel<tf.StepAttrs>('Step', ({ tensor, attributes, ops }) =>
  ops.step(tensor('x'), attributes.alpha ?? 0),
);

export const ACTIVATION_KERNELS: readonly TorchKernel[] = [clipByValue, leakyRelu, prelu, eluGrad, step];
