import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startTorchBackend, type TorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp, toTensor } from './op-same-as-cpu.js';
import { normal } from './same-as-cpu.js';

type Move = (x: tf.Tensor, draw: (below: number) => number) => tf.Tensor;

const MOVES: Readonly<Record<string, Move>> = {
  transpose: (x, draw) => tf.transpose(x, rotated([...x.shape.keys()], draw(x.rank))),
  reshape: (x, draw) => tf.reshape(x, rotated(x.shape, draw(x.rank))),
  flatten: (x) => tf.expandDims(tf.reshape(x, [-1]), 1),
  reverse: (x, draw) => tf.reverse(x, draw(x.rank)),
  slice: (x, draw) => {
    const chosen = draw(x.rank);
    const begin = x.shape.map((extent, axis) => (axis === chosen && extent > 1 ? 1 : 0));
    return tf.slice(x, begin);
  },
  'every other': (x) =>
    tf.stridedSlice(
      x,
      x.shape.map(() => 0),
      [...x.shape],
      x.shape.map((_, axis) => 1 + (axis % 2)),
    ),
  concat: (x, draw) => (x.size > 2000 ? x : tf.concat([x, tf.neg(x)], draw(x.rank))),
  pad: (x) =>
    tf.pad(
      x,
      x.shape.map((_, axis): [number, number] => [axis % 2, 1 - (axis % 2)]),
    ),
  half: (x, draw) => {
    const axis = draw(x.rank);
    return x.shape[axis]! % 2 === 0 ? tf.split(x, 2, axis)[1]! : x;
  },
  'add its sums': (x, draw) => tf.add(x, tf.sum(x, draw(x.rank), true)),
  'scaled maximum': (x, draw) => tf.mul(tf.maximum(x, 0.5), tf.mean(x, draw(x.rank), true)),
};

function rotated(list: readonly number[], by: number): number[] {
  return [...list.slice(by), ...list.slice(0, by)];
}

describeTorch('views of views', () => {
  it.each(Array.from({ length: 30 }, (_, index) => index))('chain %d', async (index) => {
    const stream = randomStream(6).fork(index);
    const names = Array.from(
      { length: 8 },
      () => Object.keys(MOVES)[stream.integer(Object.keys(MOVES).length)]!,
    );
    const x = normal(`chain ${index}`, [2, 4, 3, 6]);
    const chain = (x: tf.Tensor) => {
      const draws = stream.fork('draws');
      return names.reduce((moved, name) => MOVES[name]!(moved, (below) => draws.integer(below)), x);
    };
    await expectSameOp({ x }, ({ x }) => chain(x!), 1e-5);
    // tfjs has no gradient of a strided slice.
    if (names.includes('every other')) return;
    await expectSameGradients({ x }, ({ x }) => chain(x!), 1e-4);
  });
});

describeTorch('memory behind views', () => {
  const drawn = (shape: number[]) => toTensor(normal(`${shape}`, shape));

  beforeAll(() => startTorchBackend({ device: 'cpu' }));
  const MEBIBYTE = 2 ** 20;

  it('a view outlives its tensor, and memory goes with the last of both', () => {
    const before = held();
    const x = tf.tidy(() => drawn([512, 512]));
    const values = x.dataSync();
    const views = [tf.reshape(x, [1024, 256]), tf.transpose(x), tf.slice(x, [0, 0], [300, 512])];
    expect(held() - before).toBeLessThan(1.5 * MEBIBYTE);
    x.dispose();
    expect(views[0]!.dataSync()).toEqual(values);
    expect(views[1]!.dataSync()[1]).toBe(values[512]);
    expect(views[2]!.dataSync()).toEqual(values.slice(0, 300 * 512));
    for (const view of views) view.dispose();
    expect(held()).toBe(before);
  });

  const PARTS: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    slice: (x) => tf.slice(x, [7, 0], [1, 512]),
    'strided slice': (x) => tf.stridedSlice(x, [0, 0], [512, 512], [8, 1]),
    unstack: (x) => tf.unstack(x)[3]!,
    split: (x) => tf.split(x, 8)[2]!,
    'slice of a view': (x) => tf.slice(tf.transpose(x), [0, 0], [3, 512]),
  };

  it.each(Object.entries(PARTS))('what %s takes does not keep the whole alive', (_, take) => {
    const before = held();
    const part = tf.tidy(() => take(drawn([512, 512])));
    expect(held() - before).toBeLessThan(MEBIBYTE / 4);
    part.dispose();
    expect(held()).toBe(before);
  });

  it('Identity, a cast to the same type and a reshape to the same shape share the data', () => {
    tf.tidy(() => {
      const x = drawn([4, 4]);
      const buffers = tf.memory().numDataBuffers;
      tf.clone(x);
      tf.cast(x, 'float32');
      tf.reshape(x, [4, 4]);
      tf.transpose(x, [0, 1]);
      tf.slice(x, [0, 0], [4, 4]);
      expect(tf.memory().numDataBuffers).toBe(buffers);
    });
  });

  it('numbers that are kept for the next op are not written into', () => {
    tf.tidy(() => {
      const one = tf.tensor1d([1]);
      tf.tensorScatterUpdate(one, tf.tensor2d([[0]], undefined, 'int32'), tf.tensor1d([5]));
      tf.step(one);
      tf.addN([one, one, one]);
      expect(tf.tensor1d([1]).dataSync()[0]).toBe(1);
    });
  });
});

function held(): number {
  return (tf.backend() as TorchBackend).native.memory().used;
}
