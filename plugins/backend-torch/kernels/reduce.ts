import { tf } from 'dna-nas/nn';
import { type TorchKernel, torchKernel } from '../torch-kernel.js';

interface ReductionAttributes {
  readonly axis?: number | number[];
  /** What `Max` calls its axes. */
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

/** tfjs's reductions over axes, and the addon's ops. */
const OPS = {
  All: 'all',
  Any: 'any',
  Max: 'max',
  Mean: 'mean',
  Min: 'min',
  Prod: 'prod',
  Sum: 'sum',
} as const;

export const REDUCTION_KERNELS: readonly TorchKernel[] = Object.entries(OPS).map(([kernel, op]) =>
  torchKernel<ReductionAttributes>(kernel, ({ inputs, tensor, attributes, ops }) => {
    const { axis, reductionIndices, keepDims = false } = attributes;
    const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, inputs.x!.shape);
    ops[op]!(tensor('x'), axes, keepDims);
  }),
);
