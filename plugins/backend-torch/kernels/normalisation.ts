import { type TorchKernel, torchKernel } from '../torch-kernel.js';

const batchNorm = torchKernel<{ readonly varianceEpsilon?: number }>(
  'FusedBatchNorm',
  ({ inputs, attributes, tensor, ops }) =>
    ops.batchNormWithStatistics!(
      tensor('x'),
      tensor('mean'),
      tensor('variance'),
      inputs.offset ? tensor('offset') : null,
      inputs.scale ? tensor('scale') : null,
      attributes.varianceEpsilon ?? 1e-3,
    ),
);

interface ResponseAttributes {
  readonly depthRadius: number;
  readonly bias: number;
  readonly alpha: number;
  readonly beta: number;
}

const responseNorm = torchKernel<ResponseAttributes>('LRN', ({ attributes, tensor, ops }) => {
  const { depthRadius, bias, alpha, beta } = attributes;
  ops.lrn!(tensor('x'), depthRadius, bias, alpha, beta);
});

const responseNormGradient = torchKernel<ResponseAttributes>('LRNGrad', ({ attributes, tensor, ops }) => {
  const { depthRadius, bias, alpha, beta } = attributes;
  ops.lrnGradient!(tensor('x'), tensor('y'), tensor('dy'), [depthRadius, bias, alpha, beta]);
});

export const NORMALISATION_KERNELS: readonly TorchKernel[] = [batchNorm, responseNorm, responseNormGradient];
