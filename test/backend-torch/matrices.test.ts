import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectClose, expectSameAsCpu, normal, onTorch, plain } from './same-as-cpu.js';

/** [shape of a, of b, transposed] as they are given. */
const PRODUCTS = [
  [[3, 5], [5, 4], false, false],
  [[5, 3], [5, 4], true, false],
  [[3, 5], [4, 5], false, true],
  [[5, 3], [4, 5], true, true],
  [[2, 3, 5], [2, 5, 4], false, false],
  [[1, 3, 5], [6, 4, 5], false, true],
  [[2, 7, 3, 5], [1, 7, 5, 2], false, false],
  [[0, 5], [5, 4], false, false],
  [[3, 0], [0, 4], false, false],
] as const;

describeTorch('matrices as tfjs defines them', () => {
  it.each(PRODUCTS)('BatchMatMul %j %j %j %j', async (a, b, transposeA, transposeB) => {
    const inputs = { a: normal('a', a), b: normal('b', b) };
    await expectSameAsCpu('BatchMatMul', inputs, { transposeA, transposeB });
  });

  it('both sides broadcast', async () => {
    const [a, b] = [normal('a', [2, 1, 3, 5]), normal('b', [1, 4, 5, 2])];
    const [product] = await onTorch('BatchMatMul', { a, b }, { transposeA: false, transposeB: false });
    expect(product!.shape).toEqual([2, 4, 3, 2]);
    const expected = product!.values.map((_, index) => {
      const [left, right] = [Math.floor(index / 24), Math.floor(index / 6) % 4];
      const [row, column] = [Math.floor(index / 2) % 3, index % 2];
      const terms = [0, 1, 2, 3, 4].map(
        (k) => a.values[(left * 3 + row) * 5 + k]! * b.values[(right * 5 + k) * 2 + column]!,
      );
      return terms.reduce((sum, term) => sum + term);
    });
    expectClose(product!.values, expected, 2e-6);
  });

  it('integers multiply exactly', async () => {
    const a = plain([2, 2], [65_537, 3, -70_001, 12], 'int32');
    const b = plain([2, 2], [20_011, 1, 7, -32_003], 'int32');
    await expectSameAsCpu('BatchMatMul', { a, b }, { transposeA: false, transposeB: true });
  });

  it.each(['linear', 'relu', 'relu6', 'elu', 'prelu', 'leakyrelu', 'sigmoid'])(
    '_FusedMatMul %s',
    async (activation) => {
      const inputs = { a: normal('a', [2, 6, 5]), b: normal('b', [2, 4, 5]), bias: normal('bias', [4]) };
      const slopes = { preluActivationWeights: normal('slopes', [4]) };
      const attributes = { transposeA: false, transposeB: true, activation, leakyreluAlpha: 0.1 };
      await expectSameAsCpu('_FusedMatMul', { ...inputs, ...slopes }, attributes);
    },
  );

  it('says both shapes where they do not fit', async () => {
    const inputs = { a: normal('a', [3, 5]), b: normal('b', [4, 6]) };
    await expect(onTorch('BatchMatMul', inputs, { transposeA: false, transposeB: true })).rejects.toThrow(
      /matMul: expected a \[.., m, k\] and b \[.., k, n\], found \[3, 5\] and \[6, 4\]/,
    );
  });

  it.each([
    [[4], 'float32'],
    [[2, 3], 'float32'],
    [[3], 'int32'],
    [[3], 'bool'],
  ] as const)('Diag %j %s', async (shape, dtype) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    const values = Array.from({ length: size }, (_, index) => (dtype === 'bool' ? index % 2 : index - 1));
    await expectSameAsCpu('Diag', { x: plain(shape, values, dtype) });
  });

  it.each([
    [1, 0],
    [-1, 1],
    [0, -1],
    [2, 2],
  ])('MatrixBandPart %d below, %d above', async (lower, upper) => {
    const input = normal('input', [2, 4, 5]);
    const scalars = { numLower: plain([], [lower], 'int32'), numUpper: plain([], [upper], 'int32') };
    const [band] = await onTorch('MatrixBandPart', { input, ...scalars }, {});
    const inside = (row: number, column: number) =>
      (lower < 0 || row - column <= lower) && (upper < 0 || column - row <= upper);
    const expected = input.values.map((value, index) =>
      inside(Math.floor(index / 5) % 4, index % 5) ? value : 0,
    );
    expect(band!.values).toEqual(expected);
  });
});
