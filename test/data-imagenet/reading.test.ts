import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { ReadAhead } from 'dna-nas/nn/training';
import type { DataImagenetOptions } from 'dna-nas/plugins/data-imagenet';
import { describe, expect, it } from 'vitest';
import { copyOfImages, golden, madeRun, openImages, temporaryFolder, upTo } from './open-images.js';

const AUGMENT: Partial<DataImagenetOptions> = {
  augment: { flip: 0.5, colourJitter: { brightness: 0.4 }, erase: { probability: 0.5 } },
  interpolation: 'random',
};
const random = randomStream('reading');
const ORDER = [5, 0, 11, 3, 3, 8, 1, 10];

/** Two augmented batches and one without, as numbers. */
async function batchesOf(dataset: Dataset): Promise<unknown[]> {
  const first = await dataset.read('train', ORDER, { augment: random.fork(0) });
  const second = await dataset.read('train', ORDER, { augment: random.fork(1), stage: 'retrain' });
  const plain = await dataset.read('test', upTo(12));
  return [first, second, plain].map(({ images, labels }) => [Array.from(images), Array.from(labels)]);
}

describe('the bits do not depend on', () => {
  it('the number of threads, which are as many as asked for', async () => {
    const read = [];
    for (const threads of [0, 1, 3]) {
      let started = 0;
      const count = () => void started++;
      process.on('worker', count);
      read.push(await batchesOf(await openImages({ ...AUGMENT, threads })));
      process.off('worker', count);
      expect(started).toBe(threads);
    }
    const [inline, one, three] = read;
    expect(one).toEqual(inline);
    expect(three).toEqual(inline);
  });

  it('the cores that are left to this thread, which keeps no more of them busy', async () => {
    const inline = await batchesOf(await openImages(AUGMENT));
    let [cores, started] = [1, 0];
    const count = () => void started++;
    process.on('worker', count);
    const run = { ...madeRun(), cores: () => cores };
    const dataset = await openImages({ ...AUGMENT, threads: undefined }, { run });
    expect(await batchesOf(dataset)).toEqual(inline);
    expect(started).toBe(1);
    cores = 1000;
    expect(await batchesOf(dataset)).toEqual(inline);
    process.off('worker', count);
    expect(started).toBe(availableParallelism());
  });

  it('who opened the data set', async () => {
    const first = await openImages(AUGMENT);
    const second = await openImages(AUGMENT, { shared: structuredClone(first.shared()) });
    expect(second.description).toEqual(first.description);
    expect(await batchesOf(second)).toEqual(await batchesOf(first));
  });

  it('what was read ahead, taken or not', async () => {
    const plain = await openImages(AUGMENT);
    const ahead = await openImages({ ...AUGMENT, threads: 2 });
    for (const step of [0, 1, 2]) ahead.prefetch!('train', ORDER, { augment: random.fork(step) });
    ahead.prefetch!('train', ORDER, { augment: random.fork(1), stage: 'retrain' });
    ahead.prefetch!('test', upTo(12));
    expect(await batchesOf(ahead)).toEqual(await batchesOf(plain));
  });

  it('where training begins: each step reads what it reads in a run that never stopped', async () => {
    const dataset = await openImages({ ...AUGMENT, threads: 1 });
    const stepsFrom = async (start: number) => {
      const batches = new ReadAhead(dataset, {
        split: 'train',
        request: (step) => ({ indices: [step, step + 1], options: { augment: random.fork(step) } }),
        end: 6,
      });
      const read: number[][] = [];
      for (let step = start; step < 6; step++) read.push(Array.from((await batches.take(step)).images));
      return read;
    };
    expect(await stepsFrom(3)).toEqual((await stepsFrom(0)).slice(3));
  });
});

it('draws anew for each image and each step', async () => {
  const dataset = await openImages(AUGMENT);
  const { images } = await dataset.read('train', [3, 3], { augment: random });
  const [first, second] = [images.slice(0, images.length / 2), images.slice(images.length / 2)];
  expect(first).not.toEqual(second);
});

it('an index beyond the split is refused', async () => {
  const dataset = await openImages({});
  await expect(dataset.read('test', [12])).rejects.toThrow(/Image 12 of the "test" split.*it has 12/);
  expect(() => dataset.prefetch!('test', [-1])).toThrow(RangeError);
});

describe('damaged images', () => {
  /** The images and three that are none: cut off, no image at all, empty. */
  function withDamaged(): string {
    const path = copyOfImages();
    copyFileSync(join(golden.damaged, 'cut.JPEG'), join(path, 'apple', 'zz-cut.JPEG'));
    writeFileSync(join(path, 'apple', 'zz-text.JPEG'), 'no image');
    writeFileSync(join(path, 'plum', 'zz-empty.JPEG'), '');
    return path;
  }

  const damagedAt = [4, 5];
  const all = upTo(15);

  it.each([0, 2])(
    'are named once and replaced by the next of the split, with %i threads',
    async (threads) => {
      const dataset = await openImages({ path: withDamaged(), threads });
      const told: string[] = [];
      const noticed = (text: string) => void told.push(text);
      const whole = await dataset.read('test', all, { noticed });
      await dataset.read('test', all, { noticed });
      expect(
        told
          .map((text) => /The image (\S+) is damaged and passed over \(.+\); \d so far/.exec(text)?.[1])
          .sort(),
      ).toEqual(['apple/zz-cut.JPEG', 'apple/zz-text.JPEG', 'plum/zz-empty.JPEG']);
      const size = whole.images.length / 15;
      const imageOf = (index: number) => whole.images.slice(index * size, (index + 1) * size);
      for (const index of damagedAt) {
        expect(imageOf(index)).toEqual(imageOf(6));
        expect(whole.labels[index]).toBe(1);
      }
      expect(imageOf(14)).toEqual(imageOf(0));
    },
  );

  it('end the run beyond the limit', async () => {
    const dataset = await openImages({ path: withDamaged(), corruptLimit: 2 });
    await expect(dataset.read('test', all)).rejects.toMatchObject({
      code: 'DATA_IMAGES_DAMAGED',
      message: expect.stringMatching(/More than 2 images are damaged.*plum\/zz-empty\.JPEG/),
    });
  });

  it('may be files that are gone', async () => {
    const path = copyOfImages();
    const dataset = await openImages({ path, threads: 1 });
    rmSync(join(path, 'apple', 'fine.JPEG'));
    const told: string[] = [];
    const { labels } = await dataset.read('train', [1], { noticed: (text) => told.push(text) });
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/apple\/fine\.JPEG.*ENOENT/);
    expect(labels[0]).toBe(0);
  });

  it('however they are damaged, are read or passed over', async () => {
    const path = temporaryFolder();
    const draws = randomStream('damage');
    mkdirSync(join(path, 'one'));
    golden.names.forEach((name, image) => {
      const whole = readFileSync(join(golden.images, name));
      for (let variant = 0; variant < 8; variant++) {
        const random = draws.fork(image, variant);
        const bytes = Buffer.from(
          whole.subarray(0, variant % 2 ? whole.length : random.integer(whole.length)),
        );
        for (let change = 0; change < variant && bytes.length > 0; change++) {
          // Headers first: most of a file is pixels.
          const most = change % 2 ? bytes.length : Math.min(bytes.length, 700);
          bytes[random.integer(most)] = random.integer(256);
        }
        writeFileSync(join(path, 'one', `${image}-${variant}.JPEG`), bytes);
      }
    });
    writeFileSync(join(path, 'one', 'whole.JPEG'), readFileSync(join(golden.images, golden.names[0]!)));
    const dataset = await openImages({ path, corruptLimit: 96, augment: {} });
    const told: string[] = [];
    const options = { noticed: (text: string) => void told.push(text) };
    const { images } = await dataset.read('test', upTo(97), options);
    const augmented = await dataset.read('train', upTo(97), { ...options, augment: random });
    expect(told.length).toBeGreaterThan(30);
    expect(told.length).toBeLessThan(97);
    for (const batch of [images, augmented.images]) {
      expect(batch.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('a split of nothing else is an error', async () => {
    const path = join(copyOfImages(), 'none');
    mkdirSync(join(path, 'apple'), { recursive: true });
    writeFileSync(join(path, 'apple', 'text.JPEG'), 'no image');
    const dataset = await openImages({ path });
    await expect(dataset.read('train', [0])).rejects.toMatchObject({ code: 'DATA_IMAGES_DAMAGED' });
  });
});
