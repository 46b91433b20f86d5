import type { MatMulAttributes } from 'dna-nas/nn';
import { namedKernel } from './named-kernel.js';

function ofPixels({ rows }: MatMulAttributes): boolean {
  return rows === 'pixels';
}

const matMul = namedKernel<MatMulAttributes>('MatMul', ({ tensor, attributes, ops }) =>
  ops.matMul!(tensor('a'), tensor('b'), ofPixels(attributes)),
);
const matMulGradA = namedKernel<MatMulAttributes>('MatMulGradA', ({ tensor, attributes, ops }) =>
  ops.matMulGradA!(tensor('dy'), tensor('b'), ofPixels(attributes)),
);
const matMulGradB = namedKernel<MatMulAttributes>('MatMulGradB', ({ tensor, attributes, ops }) =>
  ops.matMulGradB!(tensor('a'), tensor('dy'), ofPixels(attributes)),
);

export const MATRIX_PRODUCTS = [matMul, matMulGradA, matMulGradB];
