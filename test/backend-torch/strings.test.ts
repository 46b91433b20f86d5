import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startCpuBackend } from 'dna-nas/plugins/backend-cpu';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';

const WORDS = ['', 'a', 'b', 'ab', 'ba', 'ä', '日本', '😀', 'ab c', ' '];
const stream = randomStream(9);
const draw = (size: number) => Array.from({ length: size }, () => WORDS[stream.integer(WORDS.length)]!);
const TEXTS = draw(24);

/** What an op answers, as plain values, which must not depend on the backend. */
async function expectSame(op: () => tf.Tensor | tf.Tensor[]): Promise<void> {
  await startCpuBackend();
  const expected = plainResults(op);
  await startTorchBackend({ device: 'cpu' });
  expect(plainResults(op)).toEqual(expected);
}

function plainResults(op: () => tf.Tensor | tf.Tensor[]): unknown[] {
  const { numTensors, numDataBuffers } = tf.memory();
  let results: unknown[] = [];
  tf.tidy(() => {
    results = [op()]
      .flat()
      .map((x) => ({ dtype: x.dtype, shape: x.shape, values: Array.from(x.dataSync()) }));
  });
  expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers });
  return results;
}

const texts = () => tf.tensor(TEXTS, [2, 3, 4], 'string');

const MOVES: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor | tf.Tensor[]>> = {
  clone: (x) => tf.clone(x),
  reshape: (x) => tf.reshape(x, [6, -1]),
  expandDims: (x) => tf.expandDims(x, 1),
  tile: (x) => tf.tile(x, [1, 2, 1]),
  slice: (x) => tf.slice(x, [0, 1, 1], [2, 2, 2]),
  stridedSlice: (x) => tf.stridedSlice(x, [0, 0, 0], [2, 3, 4], [1, 2, 2]),
  unstack: (x) => tf.unstack(x, 1),
  concat: (x) => tf.concat([x, x], 1),
  gatherND: (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [1, 2],
          [0, 0],
        ],
        undefined,
        'int32',
      ),
    ),
  unique: (x) => Object.values(tf.unique(tf.reshape(x, [24]))),
};

describeTorch('string tensors', () => {
  it.each(Object.entries(MOVES))('%s', async (_, op) => {
    await expectSame(() => op(texts()));
  });

  it('nothing at all', async () => {
    await expectSame(() => tf.reshape(tf.tensor([], [0, 2], 'string'), [2, 0]));
  });

  it.each(['equal', 'notEqual', 'greater', 'greaterEqual', 'less', 'lessEqual'] as const)(
    '%s',
    async (name) => {
      const plain = ['a', 'b', 'ab', '', 'abc', 'B'];
      await expectSame(() =>
        tf[name](tf.tensor(plain, [6, 1], 'string'), tf.tensor(plain, [1, 6], 'string')),
      );
    },
  );

  it('fill', async () => {
    await expectSame(() => tf.fill([2, 2], 'x', 'string'));
  });

  it.each([
    ['', false],
    [' ', true],
    ['a ', false],
    ['a ', true],
  ])('split at "%s", without empty ones: %s', async (delimiter, skipEmpty) => {
    await expectSame(() =>
      Object.values(
        tf.string.stringSplit(
          tf.tensor(['a b', '', ' cad', 'x'], [4], 'string') as tf.Tensor1D,
          tf.scalar(delimiter, 'string'),
          skipEmpty,
        ),
      ),
    );
  });

  it('hash buckets, replacements', async () => {
    await expectSame(() => tf.string.stringToHashBucketFast(tf.tensor(TEXTS, [4, 6], 'string'), 10));
    await expectSame(() => tf.string.staticRegexReplace(texts(), '[ab]', 'z'));
    await expectSame(() => tf.string.staticRegexReplace(texts(), '[ab]', 'z', false));
  });

  it.each([
    [[2], -1, false],
    [[1, 3], 0, false],
    [[3], 1, true],
    [[5], 0, true],
    [[2, 5], 4, false],
  ])('n-grams of %j tokens, pads %d, short ones kept: %s', async (widths, padWidth, preserveShort) => {
    const splits = tf.util.toTypedArray([0, 0, 1, 4, 10], 'int32');
    await expectSame(() =>
      Object.values(
        tf.string.stringNGrams(
          tf.tensor(TEXTS.slice(0, 10), [10], 'string') as tf.Tensor1D,
          tf.tensor(splits, [5], 'int32'),
          '|',
          widths,
          'L',
          'R',
          padWidth,
          preserveShort,
        ),
      ),
    );
  });
});
