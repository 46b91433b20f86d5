import { startWasmBackend } from 'dna-nas/plugins/backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectClose, randomValues, runKernel, type Values } from './run-kernel.js';

beforeAll(startWasmBackend);

/** Σ over `inner` of left(i, t) · right(t, j). */
function product(
  rows: number,
  columns: number,
  inner: number,
  term: (i: number, j: number, t: number) => number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let t = 0; t < inner; t++) sum += term(i, j, t);
      out[i * columns + j] = sum;
    }
  }
  return out;
}

const at = (matrix: Values, i: number, j: number) => matrix.data[i * matrix.shape[1]! + j]!;

describe.each([
  [1, 1, 1],
  [5, 3, 7],
  [4, 8, 8],
  [131, 40, 24],
  [130, 17, 13],
  [300, 9, 241],
  [6, 1000, 19],
  [1031, 12, 10],
])('matrix products of %i × %i by %i columns', (m, k, n) => {
  const a = randomValues('a', [m, k]);
  const b = randomValues('b', [k, n]);
  const dy = randomValues('dy', [m, n]);

  it('a · b', () => {
    const expected = product(m, n, k, (i, j, t) => at(a, i, t) * at(b, t, j));
    expectClose(runKernel('MatMul', { a, b })[0], expected);
  });

  it('dy · bᵀ', () => {
    const expected = product(m, k, n, (i, j, t) => at(dy, i, t) * at(b, j, t));
    expectClose(runKernel('MatMulGradA', { dy, b })[0], expected);
  });

  it('aᵀ · dy', () => {
    const expected = product(k, n, m, (i, j, t) => at(a, t, i) * at(dy, t, j));
    expectClose(runKernel('MatMulGradB', { a, dy })[0], expected);
  });
});

it('keeps a long sum exact: 100,000 rows of equal sign', () => {
  const a = { shape: [100_000, 1], data: new Float64Array(100_000).fill(Math.fround(0.1)) };
  const dy = { shape: [100_000, 1], data: new Float64Array(100_000).fill(1) };
  const [db] = runKernel('MatMulGradB', { a, dy });
  expect(Math.abs(db![0]! / (100_000 * Math.fround(0.1)) - 1)).toBeLessThan(2e-5);
});
