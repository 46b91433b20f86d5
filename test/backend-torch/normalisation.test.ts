import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameAsCpu, normal, onTorch, type PlainTensor } from './same-as-cpu.js';

const positive = (name: string, shape: readonly number[]): PlainTensor => {
  const drawn = normal(name, shape);
  return { ...drawn, values: drawn.values.map((value) => Math.abs(value) + 0.1) };
};

describeTorch('normalisation as tfjs defines it', () => {
  it.each([
    [[2, 5, 4, 3], [3]],
    [[0, 5, 4, 3], [3]],
    [
      [2, 5, 4, 3],
      [1, 1, 1, 3],
    ],
    [
      [2, 5, 4, 3],
      [2, 5, 4, 3],
    ],
  ])('FusedBatchNorm %j with statistics %j', async (shape, statistics) => {
    const x = normal('x', shape);
    const inputs = { x, mean: normal('mean', statistics), variance: positive('variance', statistics) };
    const affine = { scale: normal('scale', statistics), offset: normal('offset', statistics) };
    await expectSameAsCpu('FusedBatchNorm', inputs, { varianceEpsilon: 1e-3 });
    await expectSameAsCpu('FusedBatchNorm', { ...inputs, ...affine }, { varianceEpsilon: 0.2 });
  });

  it('says the shapes where they do not fit', async () => {
    const inputs = { x: normal('x', [1, 2, 2, 3]), mean: normal('m', [3]), variance: normal('v', [2]) };
    await expect(onTorch('FusedBatchNorm', inputs, { varianceEpsilon: 1e-3 })).rejects.toThrow(
      /mean and variance of one shape, found \[3\] and \[2\]/,
    );
  });
});
