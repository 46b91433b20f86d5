import { randomStream } from 'dna-nas/core';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { expect, it } from 'vitest';
import { PathCalibration } from '../../dist/plugins/rank-candidates/path-calibration.js';
import { onCpu } from './on-cpu.js';
import { answer } from './plugin-run.js';

const SHAPE = { height: 4, width: 4, channels: 2 };
const BLOCK = { index: 0, name: 'block 1', inputStage: -1, outputStage: 0, input: SHAPE, output: SHAPE };
const PATH = [1];

onCpu();

it('a path has the mean of its batches’ statistics; other paths keep theirs', async () => {
  const space = await answer(
    spaceMbconv({
      kernels: [3, 5],
      expansions: [2],
      stem: { channels: 2, stride: 1, separable: 0 },
      blocks: [{ stride: 1, cells: [{ layers: 1, channels: 2 }] }],
      head: 2,
    }),
    'resolveSpace',
  );
  const supernet = await answer(supernetMultiCell(), 'resolveSupernet');
  const cell = supernet.createCell({ space, block: BLOCK, cell: 0 }).initialise(randomStream(1));
  const statistics = (path: number[]) =>
    [...cell.pathTensors(path)]
      .filter(([, { role }]) => role === 'buffer')
      .map(([name, { value }]) => [name, [...value.dataSync()]] as const);
  const own = new Set(statistics(PATH).map(([name]) => name));
  const others = statistics([0]).filter(([name]) => !own.has(name));
  const batches = [1, 2, 3].map(
    (seed) => tf.randomNormal([6, 4, 4, 2], seed, seed, 'float32', seed) as tf.Tensor4D,
  );
  const alone = batches.map((batch) => {
    cell.forward(batch, PATH, CALIBRATE).dispose();
    return statistics(PATH);
  });
  const calibration = new PathCalibration(cell, PATH);
  for (const batch of batches) calibration.add(batch);
  calibration.finish();
  expect(own.size).toBeGreaterThan(2);
  for (const [place, [, values]] of statistics(PATH).entries())
    for (const [channel, value] of values.entries()) {
      const mean = alone.reduce((sum, each) => sum + each[place]![1][channel]! / batches.length, 0);
      expect(value).toBeCloseTo(mean, 5);
    }
  expect(statistics([0]).filter(([name]) => !own.has(name))).toEqual(others);
  tf.dispose(batches);
  cell.dispose();
});
