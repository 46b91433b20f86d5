import { tf } from 'dna-nas/nn';
import { opName } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

export const CUMULATIVE_KERNELS: readonly TorchKernel[] = (['Cumsum', 'Cumprod'] as const).map((kernel) => {
  const op = opName(kernel);
  return torchKernel<tf.CumsumAttrs>(kernel, ({ inputs, tensor, attributes, ops }) => {
    const [axis] = tf.util.parseAxisParam(attributes.axis, inputs.x!.shape);
    ops[op](tensor('x'), axis!, attributes.exclusive, attributes.reverse);
  });
});
