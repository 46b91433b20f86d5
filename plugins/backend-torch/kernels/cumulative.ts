import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const OPS = { Cumsum: 'cumsum', Cumprod: 'cumprod' } as const;

export const CUMULATIVE_KERNELS: readonly TorchKernel[] = Object.entries(OPS).map(([kernel, op]) =>
  torchKernel<tf.CumsumAttrs>(kernel, ({ inputs, tensor, attributes, ops }) => {
    const [axis] = tf.util.parseAxisParam(attributes.axis, inputs.x!.shape);
    ops[op]!(tensor('x'), axis!, attributes.exclusive, attributes.reverse);
  }),
);
