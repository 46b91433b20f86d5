import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp } from './op-same-as-cpu.js';
import { expectSameAsCpu, normal, onTorch, plain } from './same-as-cpu.js';

const SHAPES = [[], [1], [7], [3, 5], [2, 1, 4], [2, 3, 4, 5], [2, 2, 3, 2, 2]] as const;

/** Every axis alone, pairs, all, none, and counted from the end. */
function axesOf(shape: readonly number[]): (number[] | undefined)[] {
  const rank = shape.length;
  const single = shape.map((_, axis) => [axis]);
  const pairs = shape.slice(1).map((_, axis) => [axis, rank - 1]);
  return [undefined, [], ...single, ...pairs, ...(rank > 0 ? [[-1]] : [])];
}

const REDUCTIONS = ['sum', 'mean', 'prod', 'max', 'min'] as const;

describeTorch('reductions', () => {
  it.each(REDUCTIONS)('%s', async (name) => {
    for (const shape of SHAPES) {
      const x = normal(`${name} ${shape}`, shape);
      for (const axis of axesOf(shape)) {
        await expectSameOp({ x }, ({ x }) => tf[name](x!, axis));
        await expectSameOp({ x }, ({ x }) => tf[name](x!, axis, true));
      }
    }
  });

  it.each(['sum', 'mean', 'max', 'min'] as const)('gradients of %s', async (name) => {
    for (const shape of SHAPES.slice(2)) {
      const x = normal(`${name} ${shape}`, shape);
      for (const axis of axesOf(shape)) {
        if (axis?.length === 0) continue;
        await expectSameGradients({ x }, ({ x }) => tf[name](x!, axis));
      }
    }
  });

  it.each(REDUCTIONS)('%s of integers', async (name) => {
    const x = plain([2, 3], [1, -2, 3, 65536, 65536, 7], 'int32');
    for (const axis of axesOf(x.shape)) await expectSameOp({ x }, ({ x }) => tf[name](x!, axis));
  });

  it.each(['sum', 'mean', 'prod'] as const)('%s of bools counts them', async (name) => {
    const x = plain([2, 3], [1, 0, 1, 1, 1, 1], 'bool');
    for (const axis of axesOf(x.shape)) await expectSameOp({ x }, ({ x }) => tf[name](x!, axis));
  });

  it.each(['all', 'any'] as const)('%s', async (name) => {
    const x = plain([2, 3, 2], [1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0], 'bool');
    for (const axis of axesOf(x.shape)) {
      await expectSameOp({ x }, ({ x }) => tf[name](x!, axis));
      await expectSameOp({ x }, ({ x }) => tf[name](x!, axis, true));
    }
  });

  it('NaN is the greatest and the least', async () => {
    const x = plain([2, 3], [1, Number.NaN, 2, 3, Number.NEGATIVE_INFINITY, 4]);
    await expectSameOp({ x }, ({ x }) => [tf.max(x!, 1), tf.min(x!, 1), tf.sum(x!, 1)]);
  });

  it.each([
    ['Sum', 0],
    ['Prod', 1],
    ['Mean', Number.NaN],
    ['Min', Number.POSITIVE_INFINITY],
    ['Max', Number.NEGATIVE_INFINITY],
  ] as const)('%s of nothing is %d', async (kernel, nothing) => {
    const axis = kernel === 'Max' ? { reductionIndices: [0] } : { axis: [0] };
    const [result] = await onTorch(kernel, { x: plain([0, 2], []) }, axis);
    expect(result).toEqual({ shape: [2], dtype: 'float32', values: [nothing, nothing] });
    const [empty] = await onTorch(kernel, { x: plain([2, 0], []) }, axis);
    expect(empty).toEqual({ shape: [0], dtype: 'float32', values: [] });
  });

  it('a sum of many small numbers is right to seven digits', async () => {
    const x = plain([1 << 20], new Array(1 << 20).fill(0.1));
    const [sum] = await onTorch('Sum', { x }, { axis: [0] });
    expect(sum!.values[0]).toBeCloseTo(Math.fround(0.1) * 2 ** 20, 1);
  });
});

describeTorch('where the extremes are', () => {
  it.each(['argMax', 'argMin'] as const)('%s', async (name) => {
    for (const shape of SHAPES.slice(1)) {
      const x = normal(`${name} ${shape}`, shape);
      for (const axis of shape.keys()) await expectSameOp({ x }, ({ x }) => tf[name](x!, axis));
    }
  });

  it.each(['argMax', 'argMin'] as const)('%s of equals is the first, of bools too', async (name) => {
    const x = plain([2, 4], [3, 5, 5, 3, 1, 1, 1, 1], 'int32');
    await expectSameOp({ x }, ({ x }) => tf[name](x!, 1));
    await expectSameOp({ x: plain([4], [0, 1, 1, 0], 'bool') }, ({ x }) => tf[name](x!));
  });

  it.each(['ArgMax', 'ArgMin'])('%s passes NaN over', async (kernel) => {
    const x = plain([2, 3], [Number.NaN, 2, 2, 5, Number.NaN, 7]);
    const [found] = await onTorch(kernel, { x }, { axis: 1 });
    expect(found!.values).toEqual(kernel === 'ArgMax' ? [1, 2] : [1, 0]);
  });

  it('of nothing is an error that names the shape', async () => {
    const wrong = onTorch('ArgMax', { x: plain([0, 3], []) }, { axis: 0 });
    await expect(wrong).rejects.toThrow('ArgMax: expected elements along the axis, found [0, 3].');
  });
});

describeTorch('running sums and products', () => {
  const VARIANTS = [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ] as const;

  it.each(['cumsum', 'cumprod'] as const)('%s', async (name) => {
    for (const shape of SHAPES.slice(1)) {
      const x = normal(`${name} ${shape}`, shape);
      for (const axis of shape.keys()) {
        for (const [exclusive, reverse] of VARIANTS) {
          await expectSameOp({ x }, ({ x }) => tf[name](x!, axis, exclusive, reverse));
        }
      }
    }
    const integers = plain([2, 3], [1, 2, 3, 4, 5, 6], 'int32');
    await expectSameOp({ x: integers }, ({ x }) => tf[name](x!, 1, true));
    await expectSameOp({ x: plain([0, 2], []) }, ({ x }) => tf[name](x!, 0, true, true));
  });

  it('gradient of cumsum', async () => {
    for (const [exclusive, reverse] of VARIANTS) {
      await expectSameGradients({ x: normal('x', [3, 4]) }, ({ x }) => tf.cumsum(x!, 1, exclusive, reverse));
    }
  });

  it('an exclusive sum does not subtract: what is infinite stays behind', async () => {
    const x = plain([3], [1, Number.POSITIVE_INFINITY, 2]);
    await expectSameAsCpu('Cumsum', { x }, { axis: 0, exclusive: true, reverse: false });
  });
});

describeTorch('softmax and einsum', () => {
  it('softmax, its logarithm and their gradients', async () => {
    for (const shape of [[3], [2, 5], [2, 3, 4], [0, 3]]) {
      const x = normal(`softmax ${shape}`, shape);
      await expectSameOp({ x }, ({ x }) => [tf.softmax(x!), tf.logSoftmax(x!)]);
      await expectSameGradients({ x }, ({ x }) => tf.softmax(x!));
      await expectSameGradients({ x }, ({ x }) => tf.logSoftmax(x!));
    }
    await expectSameAsCpu('Softmax', { logits: plain([2, 2], [1e4, -1e4, Number.NaN, 1]) }, { dim: 1 });
  });

  it.each([
    ['ij,jk->ik', [2, 3], [3, 4]],
    ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
    ['ij,ij->', [2, 3], [2, 3]],
    ['i,j->ij', [3], [4]],
    ['abc,cd->adb', [2, 3, 4], [4, 5]],
  ] as const)('einsum %s', async (equation, first, second) => {
    const inputs = { a: normal('a', first), b: normal('b', second) };
    await expectSameOp(inputs, ({ a, b }) => tf.einsum(equation, a!, b!), 1e-5);
  });
});
