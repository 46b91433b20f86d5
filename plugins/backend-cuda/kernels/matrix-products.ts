import { attribute, type CudaKernel, cudaKernel } from '../cuda-kernel.js';

const transposed = (a: boolean, b: boolean) => [
  attribute.bool('transpose_a', a),
  attribute.bool('transpose_b', b),
];
const PLAIN = transposed(false, false);
const A = transposed(true, false);
const B = transposed(false, true);

const matMul = cudaKernel('MatMul', (call) => call.op('MatMul', [call.input('a'), call.input('b')], PLAIN));
const gradientOfA = cudaKernel('MatMulGradA', (call) =>
  call.op('MatMul', [call.input('dy'), call.input('b')], B),
);
const gradientOfB = cudaKernel('MatMulGradB', (call) =>
  call.op('MatMul', [call.input('a'), call.input('dy')], A),
);

export const MATRIX_PRODUCTS: readonly CudaKernel[] = [matMul, gradientOfA, gradientOfB];
