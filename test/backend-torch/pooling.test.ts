import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import {
  expectClose,
  expectSameAsCpu,
  normal,
  onCpu,
  onTorch,
  type PlainTensor,
  plain,
} from './same-as-cpu.js';

const EXPLICIT = [
  [0, 0],
  [0, 2],
  [1, 0],
  [0, 0],
];

/** [shape of x, window, strides, padding, rounding] */
const POOLS: readonly (readonly [number[], number | number[], number | number[], unknown, string?])[] = [
  [[2, 7, 6, 3], 2, 2, 'same'],
  [[2, 7, 6, 3], 3, 2, 'same'],
  [[1, 9, 8, 2], [3, 2], [1, 3], 'same'],
  [[1, 9, 8, 2], [4, 1], [2, 1], 'valid'],
  [[3, 8, 9, 1], 3, 2, 1, 'floor'],
  [[3, 8, 9, 1], 3, 2, 1, 'ceil'],
  [[2, 6, 7, 4], 3, 2, EXPLICIT],
  [[2, 6, 7, 4], 1, 1, 'valid'],
  [[0, 6, 7, 4], 2, 2, 'same'],
];

const CASES = POOLS.map(
  ([shape, filterSize, strides, pad, dimRoundingMode]) =>
    [
      JSON.stringify({ shape, filterSize, strides, pad, dimRoundingMode }),
      normal('x', shape),
      { filterSize, strides, pad, dimRoundingMode },
    ] as const,
);

/** [shape of x, window, strides, padding] */
const POOLS_3D: readonly (readonly [number[], number | number[], number | number[], unknown])[] = [
  [[2, 5, 6, 7, 2], 2, 2, 'same'],
  [[1, 5, 6, 7, 3], [2, 3, 1], [1, 2, 3], 'same'],
  [[2, 5, 6, 7, 1], 3, 1, 'valid'],
  [[2, 5, 6, 7, 1], 3, 2, 1],
];

const CASES_3D = POOLS_3D.map(
  ([shape, filterSize, strides, pad]) =>
    [
      JSON.stringify({ shape, filterSize, strides, pad }),
      normal('x', shape),
      { filterSize, strides, pad, dataFormat: 'NDHWC' },
    ] as const,
);

/** d (dy · pool(x)) / d x by unit inputs: a pool of averages is linear. */
async function averageGradient(kernel: string, x: PlainTensor, dy: PlainTensor, attributes: object) {
  const slopes: number[] = [];
  for (let unit = 0; unit < x.values.length; unit++) {
    const values = x.values.map((_, index) => (index === unit ? 1 : 0));
    const [y] = await onCpu(kernel, { x: { ...x, values } }, attributes);
    slopes.push(y!.values.reduce((sum, value, index) => sum + value * dy.values[index]!, 0));
  }
  return slopes;
}

describeTorch('pools as tfjs defines them', () => {
  it.each(CASES)('MaxPool %s', async (_, x, attributes) => {
    await expectSameAsCpu('MaxPool', { x }, attributes);
  });

  it.each(CASES)('AvgPool %s', async (_, x, attributes) => {
    await expectSameAsCpu('AvgPool', { x }, attributes);
  });

  it.each(CASES)('MaxPoolGrad %s', async (_, x, attributes) => {
    const [output] = await onCpu('MaxPool', { x }, attributes);
    const inputs = { input: x, output: output!, dy: normal('dy', output!.shape) };
    await expectSameAsCpu('MaxPoolGrad', inputs, attributes);
  });

  it.each(CASES)('AvgPoolGrad %s', async (_, x, attributes) => {
    const [output] = await onCpu('AvgPool', { x }, attributes);
    const dy = normal('dy', output!.shape);
    const [gradient] = await onTorch('AvgPoolGrad', { input: x, dy }, attributes);
    expect(gradient!.shape).toEqual(x.shape);
    expectClose(gradient!.values, await averageGradient('AvgPool', x, dy, attributes), 2e-6);
  });

  it.each(CASES_3D)('MaxPool3D and AvgPool3D %s', async (_, x, attributes) => {
    await expectSameAsCpu('MaxPool3D', { x }, attributes);
    await expectSameAsCpu('AvgPool3D', { x }, attributes);
  });

  it.each(CASES_3D)('AvgPool3DGrad %s', async (_, x, attributes) => {
    const [output] = await onCpu('AvgPool3D', { x }, attributes);
    const dy = normal('dy', output!.shape);
    const [gradient] = await onTorch('AvgPool3DGrad', { input: x, dy }, attributes);
    expectClose(gradient!.values, await averageGradient('AvgPool3D', x, dy, attributes), 2e-6);
  });

  it.each(CASES_3D)('MaxPool3DGrad %s', async (_, x, attributes) => {
    const [output] = await onTorch('MaxPool3D', { x }, attributes);
    const dy = normal('dy', output!.shape);
    const [gradient] = await onTorch('MaxPool3DGrad', { input: x, output: output!, dy }, attributes);
    // Without equal values the gradient of each output lands on the one value that it equals.
    const expected = x.values.map((value) =>
      output!.values.reduce((sum, maximum, index) => sum + (maximum === value ? dy.values[index]! : 0), 0),
    );
    expectClose(gradient!.values, expected, 2e-6);
  });

  it('a window that covers nothing has no maximum, and an average of 0', async () => {
    const attributes = { filterSize: 2, strides: 3, pad: 1, dimRoundingMode: 'ceil' };
    const x = normal('x', [3, 8, 9, 1]);
    await expectSameAsCpu('MaxPool', { x }, attributes);
    const [expected] = await onCpu('AvgPool', { x }, attributes);
    const [actual] = await onTorch('AvgPool', { x }, attributes);
    expect(expected!.values.some(Number.isNaN)).toBe(true);
    expectClose(
      actual!.values,
      expected!.values.map((value) => value || 0),
      2e-6,
    );
  });

  it('maxima of integers stay integers', async () => {
    const x = plain([1, 3, 3, 1], [5, 1, -7, 2_000_000_011, 4, 2_000_000_009, 0, -3, 8], 'int32');
    await expectSameAsCpu('MaxPool', { x }, { filterSize: 2, strides: 1, pad: 'same' });
  });

  it('equal maxima: the first has the gradient', async () => {
    const x = plain([1, 3, 3, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]);
    const attributes = { filterSize: 2, strides: 1, pad: 'same' };
    const [output] = await onCpu('MaxPool', { x }, attributes);
    const inputs = { input: x, output: output!, dy: normal('dy', output!.shape) };
    await expectSameAsCpu('MaxPoolGrad', inputs, attributes);
  });

  it.each([false, true])('MaxPoolWithArgmax, with batch: %j', async (includeBatchInIndex) => {
    for (const pad of ['same', 'valid', 1]) {
      const attributes = { filterSize: [3, 2], strides: [2, 2], pad, includeBatchInIndex };
      await expectSameAsCpu('MaxPoolWithArgmax', { x: normal('x', [2, 6, 6, 3]) }, attributes);
    }
  });

  it('passes over NaN', async () => {
    const x = plain([1, 2, 3, 1], [Number.NaN, 1, Number.NaN, 3, Number.NaN, 2]);
    await expectSameAsCpu('MaxPool', { x }, { filterSize: 2, strides: 1, pad: 'valid' });
  });

  it('says the shapes where they do not fit', async () => {
    const x = normal('x', [1, 4, 4, 1]);
    const inputs = { input: x, output: x, dy: normal('dy', [1, 3, 3, 1]) };
    await expect(onTorch('MaxPoolGrad', inputs, { filterSize: 2, strides: 2, pad: 'same' })).rejects.toThrow(
      /expected dy of the pool's shape, found \[1, 3, 3, 1\] and \[1, 4, 4, 1\]/,
    );
    expect(tf.getBackend()).toBe('torch');
  });
});
