import { wasmKernel } from '../wasm-op.js';
import { multiply, multiplyTransposed } from './matrix-product.js';

export const matMul = wasmKernel('MatMul', ({ inputs: { a, b }, memory }) => {
  const [m, k] = a.shape as [number, number];
  const n = b.shape[1]!;
  const c = memory.output([m, n]);
  const operand = { offset: memory.offset(b), rowStep: 4 * n, columnStep: 4 };
  multiply(memory, { a: memory.offset(a), b: operand, c: memory.offset(c) }, { m, n, k });
  return c;
});

/** da = dy · bᵀ: the same product, b packed with its axes exchanged. */
export const matMulGradA = wasmKernel('MatMulGradA', ({ inputs: { dy, b }, memory }) => {
  const [m, n] = dy.shape as [number, number];
  const k = b.shape[0]!;
  const da = memory.output([m, k]);
  const operand = { offset: memory.offset(b), rowStep: 4, columnStep: 4 * n };
  multiply(memory, { a: memory.offset(dy), b: operand, c: memory.offset(da) }, { m, n: k, k: n });
  return da;
});

/** db = aᵀ · dy. */
export const matMulGradB = wasmKernel('MatMulGradB', ({ inputs: { a, dy }, memory }) => {
  const [m, k] = a.shape as [number, number];
  const n = dy.shape[1]!;
  const db = memory.output([k, n]);
  multiplyTransposed(memory, { n, k, out: memory.offset(db) }, (add) => {
    add(memory.offset(a), memory.offset(dy), m);
  });
  return db;
});
