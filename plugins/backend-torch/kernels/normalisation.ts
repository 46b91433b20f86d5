import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const batchNorm = torchKernel<{ readonly varianceEpsilon?: number }>(
  'FusedBatchNorm',
  ({ inputs, attributes, tensor, ops }) =>
    ops.batchNormWithStatistics(
      tensor('x'),
      tensor('mean'),
      tensor('variance'),
      inputs.offset ? tensor('offset') : null,
      inputs.scale ? tensor('scale') : null,
      attributes.varianceEpsilon ?? 1e-3,
    ),
);

export const NORMALISATION_KERNELS: readonly TorchKernel[] = [batchNorm];
