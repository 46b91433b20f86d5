import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { expectSameGradients, expectSameOp, toTensor } from './op-same-as-cpu.js';
import { expectSameAsCpu, normal, onTorch, type PlainTensor, plain } from './same-as-cpu.js';

function drawIndices(name: string, shape: readonly number[], below: number): PlainTensor {
  const stream = randomStream(7).fork(name);
  const size = shape.reduce((product, extent) => product * extent, 1);
  return plain(
    shape,
    Array.from({ length: size }, () => stream.integer(below)),
    'int32',
  );
}

describeTorch('gather', () => {
  const CASES = [
    [[5], [3], 0, 0],
    [[5, 4], [3], 0, 0],
    [[5, 4], [3], 1, 0],
    [[5, 4, 3], [2, 2], 1, 0],
    [[5, 4, 3], [], 1, 0],
    [[5, 4], [0], 0, 0],
    [[2, 5, 3], [2, 4], 1, 1],
    [[2, 5, 3], [2, 4], 2, 1],
    [[2, 3, 5, 2], [2, 3, 4], 2, 2],
    [[2, 3, 5, 2], [2, 2, 2], 3, 1],
  ] as const;

  it.each(CASES)('x [%s] at indices [%s], axis %d, batch axes %d', async (shape, places, axis, batchDims) => {
    const indices = drawIndices('indices', places, shape[axis]!);
    const x = normal('x', shape);
    await expectSameOp({ x, indices }, ({ x, indices }) => tf.gather(x!, indices!, axis, batchDims));
    if (batchDims === 0 && !places.includes(0 as never)) {
      await expectSameGradients({ x, indices }, ({ x, indices }) => tf.gather(x!, indices!, axis));
    }
  });

  it.each([3, -1])('the index %d outside is an error that names the range', async (index) => {
    const indices = plain([2], [0, index], 'int32');
    const wrong = onTorch('GatherV2', { x: normal('x', [3, 2]), indices }, { axis: 0, batchDims: 0 });
    await expect(wrong).rejects.toThrow(`GatherV2: the index value ${index} is not in [0, 2].`);
    const batched = { x: normal('x', [1, 3]), indices: plain([1, 2], [0, index], 'int32') };
    const alsoWrong = onTorch('GatherV2', batched, { axis: 1, batchDims: 1 });
    await expect(alsoWrong).rejects.toThrow(`GatherV2: the index value ${index} is not in [0, 2].`);
  });

  it('gatherND by part of the axes, by all, and by none', async () => {
    const x = normal('x', [3, 4, 2]);
    for (const axes of [1, 2, 3]) {
      const indices = drawIndices(`${axes}`, [5, 2, axes], 2);
      await expectSameOp({ x, indices }, ({ x, indices }) => tf.gatherND(x!, indices!));
    }
    const beyond = onTorch('GatherNd', { params: x, indices: plain([1, 2], [2, 4], 'int32') }, {});
    await expect(beyond).rejects.toThrow('GatherNd: invalid indices, (2, 4) does not index into [3, 4, 2].');
  });
});

describeTorch('scatter', () => {
  it('scatterND adds what meets', async () => {
    for (const [axes, width] of [
      [1, [4]],
      [2, []],
    ] as const) {
      const indices = drawIndices(`${axes}`, [6, axes], 3);
      const updates = normal('updates', [6, ...width]);
      await expectSameOp({ indices, updates }, ({ indices, updates }) =>
        tf.scatterND(indices!, updates!, [3, 4]),
      );
    }
    const indices = plain([1, 2], [0, 4], 'int32');
    const beyond = onTorch('ScatterNd', { indices, updates: normal('u', [1]) }, { shape: [3, 4] });
    await expect(beyond).rejects.toThrow('ScatterNd: invalid indices, (0, 4) does not index into [3, 4].');
  });

  it('tensorScatterUpdate leaves its input as it was', async () => {
    const inputs = {
      x: normal('x', [4, 3]),
      indices: plain([2, 1], [3, 0], 'int32'),
      updates: normal('updates', [2, 3]),
    };
    await expectSameOp(inputs, ({ x, indices, updates }) => tf.tensorScatterUpdate(x!, indices!, updates!));
    await startTorchBackend({ device: 'cpu' });
    tf.tidy(() => {
      const x = toTensor(inputs.x);
      tf.tensorScatterUpdate(x, toTensor(inputs.indices), toTensor(inputs.updates));
      expect(Array.from(x.dataSync())).toEqual(inputs.x.values);
    });
  });

  it('unsortedSegmentSum leaves ids outside out', async () => {
    const ids = plain([5], [0, 2, -1, 0, 7], 'int32');
    for (const shape of [[5], [5, 3], [5, 2, 2]]) {
      await expectSameAsCpu(
        'UnsortedSegmentSum',
        { x: normal('x', shape), segmentIds: ids },
        { numSegments: 3 },
      );
    }
    const inside = plain([4], [0, 2, 1, 0], 'int32');
    await expectSameGradients({ x: normal('x', [4, 3]), inside }, ({ x, inside }) =>
      tf.unsortedSegmentSum(x!, inside as tf.Tensor1D, 3),
    );
  });
});

describeTorch('order', () => {
  it('topk gives equals in the order in which they stand', async () => {
    for (const shape of [[9], [3, 8], [2, 3, 5]]) {
      const x = drawIndices('x', shape, 4);
      await expectSameOp({ x }, ({ x }) => Object.values(tf.topk(x!, 4)));
      await expectSameOp({ x: normal('x', shape) }, ({ x }) => Object.values(tf.topk(x!, 5)));
    }
    await expectSameOp({ x: plain([0, 4], []) }, ({ x }) => Object.values(tf.topk(x!, 2)));
  });

  it('unique, in the order of first occurrence', async () => {
    const x = drawIndices('x', [12], 5);
    await expectSameOp({ x }, ({ x }) => Object.values(tf.unique(x!)));
    const rows = drawIndices('rows', [8, 2], 2);
    await expectSameOp({ rows }, ({ rows }) => Object.values(tf.unique(rows!, 0)));
    await expectSameOp({ rows }, ({ rows }) => Object.values(tf.unique(rows!, 1)));
    const zeros = plain([6], [0, Number.NaN, -0, 1, Number.NaN, 1]);
    await expectSameOp({ zeros }, ({ zeros }) => Object.values(tf.unique(zeros!)));
    await expectSameOp({ x: plain([0], []) }, ({ x }) => Object.values(tf.unique(x!)));
  });

  it.each(['left', 'right'] as const)('searchSorted, %s', async (side) => {
    const rows = plain([2, 5], [1, 3, 3, 5, 9, 0, 0, 2, 2, 7], 'int32');
    const values = drawIndices('values', [2, 6], 10);
    await expectSameOp({ rows, values }, ({ rows, values }) => tf.searchSorted(rows!, values!, side));
  });

  it('multinomial draws by probability, the same for the same seed', async () => {
    const logits = plain([2, 3], [0.2, 0.8, 0, 0, 0.5, 0.5].map(Math.log));
    const draw = async (seed: number) =>
      (await onTorch('Multinomial', { logits }, { numSamples: 4000, seed, normalized: false }))[0]!;
    const first = await draw(0.3);
    expect(first).toMatchObject({ shape: [2, 4000], dtype: 'int32' });
    const share = (row: number, outcome: number) =>
      first.values.slice(row * 4000, (row + 1) * 4000).filter((value) => value === outcome).length / 4000;
    expect(share(0, 0)).toBeCloseTo(0.2, 1);
    expect([share(0, 2), share(1, 0)]).toEqual([0, 0]);
    expect(share(1, 1)).toBeCloseTo(0.5, 1);
    expect(await draw(0.3)).toEqual(first);
    expect((await draw(0.4)).values).not.toEqual(first.values);
  });
});
