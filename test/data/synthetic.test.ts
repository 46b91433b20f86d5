import { randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import type { ImageMemory } from 'dna-nas/nn/images';
import { type DataSyntheticOptions, dataSynthetic } from 'dna-nas/plugins/data-synthetic';
import { expect, it } from 'vitest';
import { openData, pluginRun } from './plugin-run.js';

const open = (options: Partial<DataSyntheticOptions> = {}) =>
  openData(dataSynthetic({ train: 200, validation: 40, test: 80, ...options }), pluginRun('/nowhere'));

const all = (dataset: Dataset, split: 'train' | 'test') =>
  dataset.read(
    split,
    Array.from({ length: dataset.description.size[split] }, (_, i) => i),
  );

it('is what the options say, class by class in turn', async () => {
  const dataset = await open({ size: 12, channels: 3, classes: 5 });
  expect(dataset.description).toMatchObject({
    name: 'synthetic',
    image: { height: 12, width: 12, channels: 3 },
    classes: 5,
    classNames: ['0°', '36°', '72°', '108°', '144°'],
    size: { train: 200, validation: 40, test: 80 },
  });
  const { images, labels } = await all(dataset, 'test');
  expect(images).toHaveLength(80 * 12 * 12 * 3);
  expect([...labels.subarray(0, 7)]).toEqual([0, 1, 2, 3, 4, 0, 1]);
});

it('is the same every time, and another with another seed', async () => {
  const [first, second, other] = [await open(), await open(), await open({ seed: 2 })];
  expect(first.description.fingerprint).toBe(second.description.fingerprint);
  expect(await all(first, 'train')).toEqual(await all(second, 'train'));
  expect(other.description.fingerprint).not.toBe(first.description.fingerprint);
  expect((await all(other, 'train')).images).not.toEqual((await all(first, 'train')).images);
  expect(first.description.fingerprint).toBe(
    '9faa81478653d2aad3fa40dadb4976142bc2e9fe174fb879f2beb1b09549c3f0',
  );
});

it('noise is what the gratings have beside them', async () => {
  const pixels = async (noise: number) => (await all(await open({ noise }), 'train')).images;
  const roughness = (images: Float32Array) =>
    images.reduce((sum, value, i) => sum + Math.abs(value - (images[i - 1] ?? value)), 0);
  const [none, some, more] = [await pixels(0), await pixels(0.2), await pixels(0.6)];
  expect(roughness(some)).toBeGreaterThan(roughness(none));
  expect(roughness(more)).toBeGreaterThan(roughness(some));
});

it('keeps its first images when a split grows', async () => {
  const pixels = (dataset: Dataset) => (dataset.shared() as ImageMemory).pixels;
  const [small, large] = [pixels(await open()), pixels(await open({ train: 400 }))];
  expect(large.slice(0, 200 * 256)).toEqual(small.slice(0, 200 * 256));
  expect(large.slice(400 * 256)).toEqual(small.slice(200 * 256));
});

it('opens what another thread shares, and augments', async () => {
  const first = await open();
  const second = await openData(
    dataSynthetic({ augment: { shift: 3 } }),
    pluginRun('/nowhere'),
    first.shared(),
  );
  expect(second.read('test', [4, 2])).toEqual(first.read('test', [4, 2]));
  const augmented = await second.read('test', [4, 2], { augment: randomStream(1) });
  expect(augmented.images).not.toEqual((await first.read('test', [4, 2])).images);
});

it('can be told apart by orientation', async () => {
  // Energy of the gradient along each class's normal, which no phase or period changes: a linear rule gets it right.
  const dataset = await open({ noise: 0.1 });
  const { images, labels } = await all(dataset, 'test');
  let right = 0;
  labels.forEach((label, i) => {
    const image = images.subarray(i * 256, (i + 1) * 256);
    if (orientation(image) === label) right++;
  });
  expect(right / labels.length).toBeGreaterThan(0.95);
});

/** Orientation of the structure tensor of a 16×16 image, as one of four classes. */
function orientation(image: Float32Array): number {
  let [xx, yy, xy] = [0, 0, 0];
  for (let row = 1; row < 15; row++) {
    for (let column = 1; column < 15; column++) {
      const x = image[row * 16 + column + 1]! - image[row * 16 + column - 1]!;
      const y = image[(row + 1) * 16 + column]! - image[(row - 1) * 16 + column]!;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  return Math.round((4 * (angle + Math.PI)) / Math.PI) % 4;
}
