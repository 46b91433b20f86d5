import { attribute, type CudaKernel, cudaKernel } from '../cuda-kernel.js';

const transposed = (a: boolean, b: boolean) => [
  attribute.bool('transpose_a', a),
  attribute.bool('transpose_b', b),
];
const PLAIN = transposed(false, false);
const A = transposed(true, false);
const B = transposed(false, true);

const matMul = cudaKernel('MatMul', (call, { a, b }) => call.op('MatMul', [a, b], PLAIN));
const gradientOfA = cudaKernel('MatMulGradA', (call, { dy, b }) => call.op('MatMul', [dy, b], B));
const gradientOfB = cudaKernel('MatMulGradB', (call, { a, dy }) => call.op('MatMul', [a, dy], A));

export const MATRIX_PRODUCTS: readonly CudaKernel[] = [matMul, gradientOfA, gradientOfB];
