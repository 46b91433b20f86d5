import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameAsCpu, normal, onCpu, onTorch, plain } from './same-as-cpu.js';

describeTorch('dilation2d as tfjs defines it', () => {
  it.each([
    [[2, 6, 7, 3], [3, 2], 1, 'same', 1],
    [[1, 6, 7, 2], [2, 3], [2, 3], 'same', 1],
    [[1, 8, 9, 2], [2, 3], 1, 'valid', [2, 2]],
    [[2, 8, 9, 1], [3, 3], [2, 1], 'same', [1, 3]],
  ])('%j filter %j, strides %j, %s, dilations %j', async (shape, kernel, strides, pad, dilations) => {
    const x = normal('x', shape);
    const filter = normal('filter', [...kernel, shape[3]!]);
    const attributes = { strides, pad, dilations };
    await expectSameAsCpu('Dilation2D', { x, filter }, attributes);
    const [y] = await onCpu('Dilation2D', { x, filter }, attributes);
    const inputs = { x, filter, dy: normal('dy', y!.shape) };
    await expectSameAsCpu('Dilation2DBackpropInput', inputs, attributes);
    await expectSameAsCpu('Dilation2DBackpropFilter', inputs, attributes);
  });

  it('of equal maxima the first has the gradient', async () => {
    const x = plain([1, 4, 4, 1], Array(16).fill(1));
    const filter = plain([2, 2, 1], [0, 0, 0, 0]);
    const inputs = { x, filter, dy: normal('dy', [1, 4, 4, 1]) };
    const attributes = { strides: 1, pad: 'same', dilations: 1 };
    await expectSameAsCpu('Dilation2DBackpropInput', inputs, attributes);
    await expectSameAsCpu('Dilation2DBackpropFilter', inputs, attributes);
  });

  it('says both shapes where they do not fit', async () => {
    const inputs = { x: normal('x', [1, 4, 4, 2]), filter: normal('filter', [2, 2, 3]) };
    await expect(onTorch('Dilation2D', inputs, { strides: 1, pad: 'same', dilations: 1 })).rejects.toThrow(
      /found \[1, 4, 4, 2\] and \[2, 2, 3\]/,
    );
  });
});
