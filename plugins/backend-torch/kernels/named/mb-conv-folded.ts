import type { MbConvFoldedAttributes } from 'dna-nas/nn';
import type { TorchKernel } from '../../torch-kernel.js';
import { activationCode } from './activation-code.js';
import { namedKernel } from './named-kernel.js';

const forward = namedKernel<MbConvFoldedAttributes>(
  'MbConvFolded',
  ({ inputs, backend, attributes, ops }) => {
    const [x, ...weights] = backend.handles(inputs);
    const { strides, padding, residual, activation } = attributes;
    return ops.mbConvFolded!(x!, weights, strides, padding, residual, activationCode(activation));
  },
);

/** Written for float32 on the CPU: elsewhere the ops of its parts run. */
export const MB_CONV_FOLDED: TorchKernel = { ...forward, needs: 'float32 on the CPU' };
