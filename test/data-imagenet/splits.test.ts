import { cpSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  copyOfImages,
  golden,
  labelsOf,
  madeRun,
  namesOf,
  openImages,
  temporaryFolder,
} from './open-images.js';

/** `train` and `val` below one folder, the latter with two images. */
function divided(): string {
  const path = temporaryFolder();
  renameSync(copyOfImages(), join(path, 'train'));
  mkdirSync(join(path, 'val', 'pear'), { recursive: true });
  for (const name of ['cmyk.JPEG', 'square.JPEG']) {
    renameSync(join(path, 'train', 'pear', name), join(path, 'val', 'pear', name));
  }
  return path;
}

describe('splits', () => {
  it('train and val below one folder', async () => {
    const dataset = await openImages({ path: divided(), heldOutPerClass: 1 });
    expect(dataset.description.size).toEqual({ train: 7, validation: 3, test: 2 });
    expect(dataset.description.classNames).toEqual(['apple', 'pear', 'plum']);
    expect(dataset.description.preprocessing).toEqual({
      mean: [0, 0, 0],
      std: [1, 1, 1],
      crop: 0.875,
      interpolation: 'bicubic',
    });
    expect(namesOf(dataset, 'test')).toEqual(['val/pear/cmyk.JPEG', 'val/pear/square.JPEG']);
    expect(await labelsOf(dataset, 'test')).toEqual([1, 1]);
    expect(dataset.description).not.toHaveProperty('testFrom');
    const all = [...namesOf(dataset, 'train'), ...namesOf(dataset, 'validation')].sort();
    expect(all).toHaveLength(10);
    expect(new Set(all).size).toBe(10);
    expect(all.every((name) => name.startsWith('train/'))).toBe(true);
  });

  it('hold out of each class, by the seed and at most a quarter of it', async () => {
    const heldBy = async (seed: number, heldOutPerClass: number) => {
      const dataset = await openImages({ heldOutPerClass }, { run: madeRun(temporaryFolder(), seed) });
      expect(namesOf(dataset, 'test')).toEqual(namesOf(dataset, 'validation'));
      expect(dataset.description.testFrom).toBe('validation');
      return namesOf(dataset, 'validation');
    };
    const held = await heldBy(1, 1);
    expect(held.map((name) => name.split('/')[0])).toEqual(['apple', 'pear', 'plum']);
    expect(await heldBy(1, 1)).toEqual(held);
    const seeds = await Promise.all([2, 3, 4, 5].map((seed) => heldBy(seed, 1)));
    expect(seeds.some((other) => other.join() !== held.join())).toBe(true);
    expect(await heldBy(1, 50)).toHaveLength(3);
  });

  it.each([
    [1, 0],
    [2, 1],
    [4, 1],
    [7, 1],
    [8, 2],
    [12, 3],
  ])('of a class of %i hold out %i at most', async (images, held) => {
    const path = temporaryFolder();
    const image = join(golden.images, golden.names[0]!);
    for (const [part, count] of [
      ['train', images],
      ['val', 1],
    ] as const) {
      for (const kind of ['one', 'two']) {
        mkdirSync(join(path, part, kind), { recursive: true });
        for (let index = 0; index < count; index++) cpSync(image, join(path, part, kind, `${index}.JPEG`));
      }
    }
    const { size } = (await openImages({ path, heldOutPerClass: 50 })).description;
    // Without any held out the training images are borrowed.
    expect(size).toEqual({ train: 2 * (images - held), validation: 2 * (held || images), test: 2 });
  });

  it('without anything held out, all images serve for all', async () => {
    const dataset = await openImages({ heldOutPerClass: 0 });
    expect(dataset.description.size).toEqual({ train: 12, validation: 12, test: 12 });
    expect(dataset.description.testFrom).toBe('train');
  });

  it('limits take evenly of each class', async () => {
    const dataset = await openImages({ trainLimit: 6, testLimit: 3 });
    expect((await labelsOf(dataset, 'train')).sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect(await labelsOf(dataset, 'test')).toEqual([0, 1, 2]);
  });
});

describe('without test images', () => {
  /** Of twelve images, four a class. */
  const openWith = (options: object, seed = 1) =>
    openImages(
      { heldOutPerClass: 1, testShare: 0.25, ...options },
      { run: madeRun(temporaryFolder(), seed) },
    );

  it('a share of each class is split off that nothing else holds', async () => {
    const dataset = await openWith({});
    expect(dataset.description.size).toEqual({ train: 6, validation: 3, test: 3 });
    expect(dataset.description.testFrom).toBe('held-out');
    expect(await labelsOf(dataset, 'test')).toEqual([0, 1, 2]);
    const all = (['train', 'validation', 'test'] as const).flatMap((split) => namesOf(dataset, split));
    expect(new Set(all).size).toBe(12);
    expect((await openWith({ testShare: 0.5 })).description.size.test).toBe(6);
  });

  it('it is drawn by a seed of its own, not by the run’s', async () => {
    const testOf = async (...request: Parameters<typeof openWith>) =>
      namesOf(await openWith(...request), 'test').join();
    const usual = await testOf({});
    expect(await testOf({}, 2)).toBe(usual);
    const others = await Promise.all([2, 3, 4, 5].map((testSeed) => testOf({ testSeed })));
    expect(others.some((other) => other !== usual)).toBe(true);
  });

  it('a small class gives one, and one of two gives none', async () => {
    const path = temporaryFolder();
    for (const [name, count] of [
      ['few', 2],
      ['some', 3],
    ] as const) {
      mkdirSync(join(path, name));
      for (const image of golden.names.slice(0, count))
        cpSync(join(golden.images, image), join(path, name, image.split('/').at(-1)!));
    }
    const dataset = await openWith({ path, testShare: 0.2 });
    expect(dataset.description.size).toEqual({ train: 2, validation: 2, test: 1 });
  });
});

describe('parts', () => {
  it('train, val and test are the three splits', async () => {
    const path = divided();
    mkdirSync(join(path, 'test', 'plum'), { recursive: true });
    const image = namesOf(await openImages({ path }), 'train').find((name) => name.includes('/plum/'))!;
    renameSync(join(path, image), join(path, 'test', 'plum', 'a.JPEG'));
    const dataset = await openImages({ path, heldOutPerClass: 1 });
    expect(dataset.description.size).toEqual({ train: 9, validation: 2, test: 1 });
    expect(namesOf(dataset, 'test')).toEqual(['test/plum/a.JPEG']);
    expect(await labelsOf(dataset, 'test')).toEqual([2]);
    expect(await labelsOf(dataset, 'validation')).toEqual([1, 1]);
    expect(dataset.description).not.toHaveProperty('testFrom');
  });

  it('a part without class folders does not count, as ImageNet’s test images', async () => {
    const path = divided();
    mkdirSync(join(path, 'test'));
    cpSync(join(path, 'val', 'pear', 'cmyk.JPEG'), join(path, 'test', 'unknown.JPEG'));
    const dataset = await openImages({ path, heldOutPerClass: 1 });
    expect(dataset.description.size).toEqual({ train: 7, validation: 3, test: 2 });
  });

  it('a class may be called train', async () => {
    const path = copyOfImages();
    renameSync(join(path, 'plum'), join(path, 'train'));
    const dataset = await openImages({ path });
    expect(dataset.description.classNames).toEqual(['apple', 'pear', 'train']);
  });
});
