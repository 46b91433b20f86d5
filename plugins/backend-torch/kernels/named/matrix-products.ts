import { namedKernel } from './named-kernel.js';

const matMul = namedKernel('MatMul', ({ tensor, ops }) => ops.matMul!(tensor('a'), tensor('b')));
const matMulGradA = namedKernel('MatMulGradA', ({ tensor, ops }) =>
  ops.matMulGradA!(tensor('dy'), tensor('b')),
);
const matMulGradB = namedKernel('MatMulGradB', ({ tensor, ops }) =>
  ops.matMulGradB!(tensor('a'), tensor('dy')),
);

export const MATRIX_PRODUCTS = [matMul, matMulGradA, matMulGradB];
