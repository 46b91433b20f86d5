import { tf } from 'dna-nas/nn';
import { opName, REDUCTIONS } from '../native-ops.js';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

interface ReductionAttributes {
  readonly axis?: number | number[];
  /** What `Max` calls its axes. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

export const REDUCTION_KERNELS: readonly TorchKernel[] = REDUCTIONS.map((kernel) => {
  const op = opName(kernel);
  return torchKernel<ReductionAttributes>(kernel, ({ inputs, tensor, attributes, ops }) => {
    const { axis, reductionIndices, keepDims = false } = attributes;
    const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, inputs.x!.shape);
    ops[op](tensor('x'), axes, keepDims);
  });
});
