import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameAsCpu, normal, onTorch, plain } from './same-as-cpu.js';

describeTorch('space, depth and batch as tfjs defines them', () => {
  it.each([2, 3])('DepthToSpace, blocks of %d', async (blockSize) => {
    const x = normal('x', [2, 3, 2, blockSize * blockSize * 2]);
    await expectSameAsCpu('DepthToSpace', { x }, { blockSize, dataFormat: 'NHWC' });
  });

  it('DepthToSpace with channels first is the same, transposed', async () => {
    const [blockSize, channels, height, width] = [2, 3, 4, 5];
    const x = normal('x', [1, blockSize * blockSize * channels, height, width]);
    const [y] = await onTorch('DepthToSpace', { x }, { blockSize, dataFormat: 'NCHW' });
    expect(y!.shape).toEqual([1, channels, height * blockSize, width * blockSize]);
    const expected = y!.values.map((_, index) => {
      const column = index % (width * blockSize);
      const row = Math.floor(index / (width * blockSize)) % (height * blockSize);
      const channel = Math.floor(index / (width * height * blockSize * blockSize));
      const offset = (row % blockSize) * blockSize + (column % blockSize);
      const depth = offset * channels + channel;
      const place = Math.floor(row / blockSize) * width + Math.floor(column / blockSize);
      return x.values[depth * height * width + place]!;
    });
    expect(y!.values).toEqual(expected);
  });

  it.each([
    [
      [2, 4, 6, 3],
      [2, 3],
      [
        [0, 0],
        [0, 0],
      ],
    ],
    [
      [2, 5, 4, 3],
      [2, 3],
      [
        [1, 0],
        [0, 2],
      ],
    ],
    [[1, 7], [4], [[0, 1]]],
    [
      [2, 3, 4, 2, 2],
      [3, 2, 2],
      [
        [0, 0],
        [2, 0],
        [1, 1],
      ],
    ],
  ])('SpaceToBatchND %j, blocks %j, paddings %j, and back', async (shape, blockShape, paddings) => {
    const x = normal('x', shape);
    await expectSameAsCpu('SpaceToBatchND', { x }, { blockShape, paddings });
    const [batches] = await onTorch('SpaceToBatchND', { x }, { blockShape, paddings });
    await expectSameAsCpu('BatchToSpaceND', { x: batches! }, { blockShape, crops: paddings });
    const [back] = await onTorch('BatchToSpaceND', { x: batches! }, { blockShape, crops: paddings });
    expect(back!.values).toEqual(x.values);
  });

  it('keeps integers', async () => {
    const x = plain([1, 1, 1, 4], [1, 2, 3, 4], 'int32');
    const [y] = await onTorch('DepthToSpace', { x }, { blockSize: 2, dataFormat: 'NHWC' });
    expect(y).toEqual({ shape: [1, 2, 2, 1], dtype: 'int32', values: [1, 2, 3, 4] });
  });

  it('says the shape where blocks do not fit', async () => {
    const x = normal('x', [1, 5, 4, 1]);
    const attributes = {
      blockShape: [2, 2],
      paddings: [
        [0, 0],
        [0, 0],
      ],
    };
    await expect(onTorch('SpaceToBatchND', { x }, attributes)).rejects.toThrow(/found \[1, 5, 4, 1\]/);
  });
});
