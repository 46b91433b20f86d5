import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp } from './op-same-as-cpu.js';
import { normal, onTorch, type PlainTensor, plain } from './same-as-cpu.js';

const SHAPES = [[1], [7], [3, 5], [2, 1, 4], [2, 3, 4, 5], [0, 3], [2, 2, 3, 2, 2]] as const;
const TYPES = ['float32', 'int32', 'bool'] as const;

/** Numbers 0, 1, 2, .. (bools: 0, 1, 0, ..) of a type. */
function counted(shape: readonly number[], dtype: PlainTensor['dtype'] = 'float32'): PlainTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const values = Array.from({ length: size }, (_, index) => (dtype === 'bool' ? index % 2 : index));
  return plain(shape, values, dtype);
}

async function checkMoved(x: PlainTensor, op: (x: tf.Tensor) => tf.Tensor): Promise<void> {
  await expectSameOp({ x }, ({ x }) => op(x!));
  if (x.dtype === 'float32') await expectSameGradients({ x }, ({ x }) => op(x!));
}

describeTorch('the same elements in another shape or order', () => {
  it.each(TYPES)('reshape, expandDims, squeeze, flatten of %s', async (dtype) => {
    for (const shape of SHAPES) {
      const x = counted(shape, dtype);
      await checkMoved(x, (x) => tf.reshape(x, [...shape].reverse()));
      await checkMoved(x, (x) => tf.expandDims(x, -1));
      await checkMoved(x, (x) => tf.expandDims(x, 0));
      await checkMoved(x, (x) => tf.squeeze(x));
      await checkMoved(x, (x) => tf.reshape(x, [x.size === 0 ? 0 : -1]));
    }
  });

  it('reshape says what does not fit', async () => {
    const wrong = onTorch('Reshape', { x: counted([2, 3]) }, { shape: [4] });
    await expect(wrong).rejects.toThrow(
      'The new shape [4] holds 4 elements and the tensor of shape [2,3] has 6.',
    );
  });

  it.each(TYPES)('transpose, reverse, tile of %s', async (dtype) => {
    const stream = randomStream(1);
    for (const shape of SHAPES) {
      const x = counted(shape, dtype);
      const axes = [...shape.keys()].sort(() => stream.uniform() - 0.5);
      await checkMoved(x, (x) => tf.transpose(x, axes));
      await checkMoved(x, (x) => tf.transpose(x));
      await checkMoved(x, (x) => tf.reverse(x, axes.slice(1)));
      await expectSameOp({ x }, ({ x }) =>
        tf.tile(
          x!,
          shape.map((_, axis) => 1 + (axis % 3)),
        ),
      );
    }
  });

  it('tile of single elements, of nothing, and to nothing', async () => {
    for (const [shape, repetitions] of [
      [[], []],
      [[1], [4]],
      [
        [1, 3, 1],
        [2, 1, 5],
      ],
      [
        [2, 0],
        [3, 2],
      ],
      [
        [2, 1],
        [1, 0],
      ],
    ] as const) {
      await expectSameOp({ x: normal('x', shape) }, ({ x }) => tf.tile(x!, [...repetitions]));
    }
    await expectSameGradients({ x: normal('x', [1, 3]) }, ({ x }) => tf.tile(x!, [4, 1]));
    await expectSameGradients({ x: normal('x', [2, 3]) }, ({ x }) => tf.tile(x!, [2, 2]));
  });

  it('broadcastTo', async () => {
    for (const [from, to] of [
      [[1], [5]],
      [
        [3, 1],
        [3, 4],
      ],
      [
        [2, 1, 4],
        [6, 2, 3, 4],
      ],
      [[], [2, 2]],
    ] as const) {
      await checkMoved(normal('x', from), (x) => tf.broadcastTo(x, [...to]));
      const [raw] = await onTorch('BroadcastTo', { x: counted(from, 'int32') }, { shape: to });
      expect(raw!.shape).toEqual(to);
    }
    const wrong = onTorch('BroadcastTo', { x: counted([3]) }, { shape: [2, 4] });
    await expect(wrong).rejects.toThrow(
      'BroadcastTo: expected a shape that broadcasts to the wanted one, found [3].',
    );
  });
});

interface StridedSlice {
  readonly begin: readonly number[];
  readonly end: readonly number[];
  readonly strides: readonly number[];
  readonly beginMask: number;
  readonly endMask: number;
}

/** The places that a strided slice takes along an axis, as Python would. */
function placesAlong(extent: number, axis: number, slice: StridedSlice): number[] {
  const stride = slice.strides[axis]!;
  const [least, most] = stride > 0 ? [0, extent] : [-1, extent - 1];
  const bound = (place: number) => Math.min(Math.max(place < 0 ? place + extent : place, least), most);
  const isOpen = (mask: number) => Boolean(mask & (1 << axis));
  const begin = isOpen(slice.beginMask) ? (stride > 0 ? least : most) : bound(slice.begin[axis]!);
  const end = isOpen(slice.endMask) ? (stride > 0 ? most : least) : bound(slice.end[axis]!);
  const places: number[] = [];
  for (let place = begin; stride > 0 ? place < end : place > end; place += stride) places.push(place);
  return places;
}

/** The elements at the crossings of places along each axis, one by one. */
function picked({ shape, values }: PlainTensor, places: readonly number[][]): PlainTensor {
  const flat = places.reduce(
    (sums, along, axis) => sums.flatMap((sum) => along.map((place) => sum * shape[axis]! + place)),
    [0],
  );
  return plain(
    places.map(({ length }) => length),
    flat.map((place) => values[place]!),
  );
}

describeTorch('parts', () => {
  it.each(TYPES)('slices of %s', async (dtype) => {
    const stream = randomStream(2);
    for (const shape of SHAPES) {
      const x = counted(shape, dtype);
      for (let draw = 0; draw < 5; draw++) {
        const begin = shape.map((extent) => stream.integer(extent + 1));
        const size = shape.map((extent, axis) => stream.integer(extent - begin[axis]! + 1));
        await checkMoved(x, (x) => tf.slice(x, begin, size));
      }
      await checkMoved(x, (x) => tf.slice(x, 0));
    }
  });

  it('strided slices, forwards and backwards', async () => {
    const stream = randomStream(3);
    for (const shape of SHAPES) {
      const x = counted(shape);
      for (let draw = 0; draw < 20; draw++) {
        const begin = shape.map((extent) => stream.integer(2 * extent + 3) - extent - 1);
        const end = shape.map((extent) => stream.integer(2 * extent + 3) - extent - 1);
        const strides = shape.map(() => [-3, -2, -1, 1, 2, 3][stream.integer(6)]!);
        const masks = { ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
        const attributes = { begin, end, strides, beginMask: draw % 2, endMask: draw % 3 ? 0 : 1, ...masks };
        const [part] = await onTorch('StridedSlice', { x }, attributes);
        const places = shape.map((extent, axis) => placesAlong(extent, axis, attributes));
        expect(part).toEqual(picked(x, places));
      }
    }
  });

  it('strided slices that take axes out and put them in', async () => {
    // By hand: tfjs's cpu backend fails at some of these.
    const x = counted([3, 4, 5]);
    const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    const row = { ...masks, begin: [1, 0, 0], end: [2, 4, 2], strides: [1, 2, 1], shrinkAxisMask: 1 };
    expect(await onTorch('StridedSlice', { x }, row)).toEqual([plain([2, 2], [20, 21, 30, 31])]);
    const axis = { ...masks, begin: [0, 2, 3, 1], end: [0, 3, 1, 2], strides: [1, 1, -1, 1], newAxisMask: 1 };
    expect(await onTorch('StridedSlice', { x }, axis)).toEqual([plain([1, 1, 2, 1], [56, 51])]);
    await expectSameOp({ x }, ({ x }) => tf.stridedSlice(x!, [0, 1], [0, 4], [1, 2], 0, 0, 1));
  });

  it.each(TYPES)('split, unstack, concat, stack of %s', async (dtype) => {
    for (const shape of SHAPES.filter((shape) => !shape.includes(0 as never))) {
      const [a, b] = [counted(shape, dtype), normal('b', shape)];
      for (const [axis, extent] of shape.entries()) {
        await expectSameOp({ a }, ({ a }) => tf.split(a!, extent, axis));
        await expectSameOp({ a }, ({ a }) => tf.unstack(a!, axis));
        await expectSameOp({ a }, ({ a }) => tf.split(a!, [1, extent - 1], axis));
        await expectSameOp({ a, b }, ({ a, b }) => tf.concat([a!, tf.cast(b!, dtype), a!], axis));
        await expectSameOp({ a, b }, ({ a, b }) => tf.stack([a!, tf.cast(b!, dtype)], axis));
      }
    }
  });

  it('their gradients', async () => {
    const inputs = { a: normal('a', [2, 4, 3]), b: normal('b', [2, 2, 3]) };
    await expectSameGradients(inputs, ({ a, b }) => tf.concat([a!, b!], 1));
    await expectSameGradients({ a: inputs.a }, ({ a }) => tf.stack([a!, a!], -1));
    await expectSameGradients({ a: inputs.a }, ({ a }) => tf.addN(tf.split(a!, 2, 1)));
    await expectSameGradients({ a: inputs.a }, ({ a }) => tf.addN(tf.unstack(a!, 1)));
  });

  it('concat of nothing and something', async () => {
    const inputs = { a: plain([0, 3], []), b: counted([2, 3]) };
    await expectSameOp(inputs, ({ a, b }) => tf.concat([a!, b!, a!], 0));
  });
});

describeTorch('borders', () => {
  const PADDINGS = [
    [1, 2],
    [0, 1],
    [2, 0],
    [0, 0],
  ] as const;

  it.each(TYPES)('pad of %s', async (dtype) => {
    for (const shape of SHAPES.filter(({ length }) => length <= 4)) {
      const paddings = shape.map((_, axis) => [...PADDINGS[axis % 4]!] as [number, number]);
      await expectSameOp({ x: counted(shape, dtype) }, ({ x }) => tf.pad(x!, paddings, 1));
    }
    await expectSameGradients({ x: normal('x', [2, 3]) }, ({ x }) =>
      tf.pad(x!, [
        [1, 0],
        [2, 1],
      ]),
    );
  });

  it.each(['reflect', 'symmetric'] as const)('mirrorPad, %s', async (mode) => {
    for (const [shape, paddings] of [
      [[3], [[2, 1]]],
      [
        [3, 4],
        [
          [1, 2],
          [0, 3],
        ],
      ],
      [
        [2, 3, 2],
        [
          [1, 1],
          [2, 0],
          [0, 1],
        ],
      ],
    ] as [number[], [number, number][]][]) {
      await expectSameOp({ x: counted(shape, 'int32') }, ({ x }) => tf.mirrorPad(x!, paddings, mode));
      await expectSameOp({ x: normal('x', shape) }, ({ x }) => tf.mirrorPad(x!, paddings, mode));
    }
  });
});

describeTorch('tensors made of numbers', () => {
  it.each(TYPES)('fill, zerosLike, onesLike of %s', async (dtype) => {
    for (const shape of [[], ...SHAPES]) {
      await expectSameOp({}, () => tf.fill([...shape], dtype === 'bool' ? 1 : 2.7, dtype));
      await expectSameOp({ x: counted(shape, dtype) }, ({ x }) => [tf.zerosLike(x!), tf.onesLike(x!)]);
    }
  });

  it.each([
    [0, 5, 1],
    [5, 0, 1],
    [5, 0, -2],
    [0, 1, 0.1],
    [0, 5, -1],
    [5, 0, 2],
    [3, 3, 1],
    [0.5, 4, 1],
  ])('range from %d to %d by %d', async (start, stop, step) => {
    await expectSameOp({}, () => tf.range(start, stop, step));
    if (Number.isInteger(step)) await expectSameOp({}, () => tf.range(start, stop, step, 'int32'));
  });

  it('linspace', async () => {
    await expectSameOp({}, () => [tf.linspace(1, 10, 10), tf.linspace(1, -1, 4), tf.linspace(3, 8, 1)]);
  });

  it.each(TYPES)('oneHot of %s, nothing where the class is none', async (dtype) => {
    for (const shape of [[4], [2, 3], [0]]) {
      const indices = plain(
        shape,
        counted(shape).values.map((value) => value - 1),
        'int32',
      );
      await expectSameOp({ indices }, ({ indices }) => tf.oneHot(indices as tf.Tensor1D, 3, 1, 0, dtype));
    }
    const indices = plain([3], [0, 2, 9], 'int32');
    await expectSameOp({ indices }, ({ indices }) => tf.oneHot(indices as tf.Tensor1D, 3, 5, -2));
  });
});
