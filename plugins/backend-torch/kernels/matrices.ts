import { type TorchKernel, torchKernel } from '../torch-kernel.js';

interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const batchMatMul = torchKernel<ProductAttributes>('BatchMatMul', ({ tensor, attributes, ops }) =>
  ops.batchMatMul!(tensor('a'), tensor('b'), attributes.transposeA, attributes.transposeB),
);

export const MATRIX_KERNELS: readonly TorchKernel[] = [batchMatMul];
