import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { randomStream } from 'dna-nas/core';
import { type DataIdxOptions, dataIdx, decodeIdx, encodeIdx, IDX_FILES } from 'dna-nas/plugins/data-idx';
import { describe, expect, it } from 'vitest';
import { makeIdxFolder } from './idx-folder.js';
import { openData, pluginRun, temporaryFolder } from './plugin-run.js';

const project = temporaryFolder();

const makeFolder = () => makeIdxFolder(project);

const open = (folder: string, options: Partial<DataIdxOptions> = {}) =>
  openData(dataIdx({ path: basename(folder), heldOutPerClass: 1, ...options }), pluginRun(project));

/** Normalised pixels of one image of a file, computed apart. */
function expected(folder: string, name: string, image: number, moments: { mean: number[]; std: number[] }) {
  const bytes = readFileSync(join(folder, name)).subarray(
    4 + 4 * 4 + image * 40,
    4 + 4 * 4 + (image + 1) * 40,
  );
  return Array.from(bytes, (byte, i) => (byte / 255 - moments.mean[i % 2]!) / moments.std[i % 2]!);
}

const MOMENTS = { mean: [0.5, 0.25], std: [0.2, 0.4] };

it('encodes and decodes', () => {
  const array = { dimensions: [2, 3], bytes: Uint8Array.of(1, 2, 3, 4, 5, 255) };
  const content = encodeIdx(array);
  expect(Buffer.from(content).toString('hex')).toBe('00000802' + '00000002' + '00000003' + '0102030405ff');
  expect(decodeIdx(content, 'x')).toMatchObject(array);
});

describe('a folder of IDX files', () => {
  it('is read with splits, labels and normalisation', async () => {
    const folder = makeFolder();
    const dataset = await open(folder, MOMENTS);
    expect(dataset.description).toMatchObject({
      name: basename(folder),
      image: { height: 4, width: 5, channels: 2 },
      classes: 3,
      size: { train: 9, validation: 3, test: 6 },
    });
    // Class c is at c, c+3, c+6, c+9; one held out of four is the third.
    const validation = await dataset.read('validation', [0, 1, 2]);
    expect([...validation.labels]).toEqual([0, 1, 2]);
    const pixels = [6, 7, 8].flatMap((image) => expected(folder, IDX_FILES.trainImages, image, MOMENTS));
    validation.images.forEach((value, i) => {
      expect(value).toBeCloseTo(pixels[i]!, 5);
    });
    const test = await dataset.read('test', [5]);
    const last = expected(folder, IDX_FILES.testImages, 5, MOMENTS);
    test.images.forEach((value, i) => {
      expect(value).toBeCloseTo(last[i]!, 5);
    });
    expect([...(await dataset.read('train', [0, 1, 2, 3, 4, 5, 6, 7, 8])).labels]).toEqual([
      0, 1, 2, 0, 1, 2, 0, 1, 2,
    ]);
  });

  it('is centred and scaled by its own training split by default', async () => {
    const dataset = await open(makeFolder());
    const { images } = await dataset.read('train', [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    for (const channel of [0, 1]) {
      const values = images.filter((_, i) => i % 2 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeCloseTo(1, 5);
    }
  });

  it('is the same data packed', async () => {
    const whole = makeFolder();
    const plain = await open(whole);
    const folder = join(project, 'packed');
    mkdirSync(folder);
    for (const name of Object.values(IDX_FILES)) {
      writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(whole, name))));
    }
    const packed = await open(folder);
    expect(packed.description.fingerprint).toBe(plain.description.fingerprint);
    expect(packed.read('test', [0, 3])).toEqual(plain.read('test', [0, 3]));
  });

  it('has a fingerprint of everything that changes a read', async () => {
    const folder = makeFolder();
    const prints = new Set<string>();
    const variants: Partial<DataIdxOptions>[] = [
      {},
      { heldOutPerClass: 2 },
      { trainLimit: 6 },
      { testLimit: 3 },
      { mean: [0, 0] },
    ];
    for (const options of variants) prints.add((await open(folder, options)).description.fingerprint);
    expect(prints.size).toBe(variants.length);
    expect((await open(folder, { augment: { flip: 1 } })).description.fingerprint).toBe(
      (await open(folder)).description.fingerprint,
    );
    const labels = join(folder, IDX_FILES.testLabels);
    const bytes = readFileSync(labels);
    bytes[8] = 1;
    writeFileSync(labels, bytes);
    expect(prints).not.toContain((await open(folder)).description.fingerprint);
  });

  it('takes limits evenly of each class', async () => {
    const dataset = await open(makeFolder(), { trainLimit: 6, testLimit: 4 });
    expect(dataset.description.size).toEqual({ train: 6, validation: 3, test: 4 });
    expect([...(await dataset.read('train', [0, 1, 2, 3, 4, 5])).labels].sort()).toEqual([0, 0, 1, 1, 2, 2]);
    expect([...(await dataset.read('test', [0, 1, 2, 3])).labels].sort()).toEqual([0, 0, 1, 2]);
  });
});

describe('a read', () => {
  it('is pure, and augments by the stream alone', async () => {
    const dataset = await open(makeFolder(), {
      augment: { flip: 0.5, shift: 1, erase: { probability: 0.5 } },
    });
    const read = (seed?: number) =>
      dataset.read('train', [3, 1, 3], seed === undefined ? {} : { augment: randomStream(seed) });
    expect(await read(1)).toEqual(await read(1));
    expect((await read(1)).images).not.toEqual((await read(2)).images);
    expect((await read(1)).images).not.toEqual((await read()).images);
    const twice = (await read(4)).images;
    expect(twice.subarray(0, 40)).not.toEqual(twice.subarray(80));
  });

  it('gives the same bits with augmentations that change nothing as without any', async () => {
    const dataset = await open(makeFolder(), { augment: { flip: 1e-300, shift: 0 } });
    const indices = [0, 1, 2, 3];
    expect(dataset.read('train', indices, { augment: randomStream(1) })).toEqual(
      dataset.read('train', indices),
    );
  });

  it('passes the augmentations through the hook', async () => {
    const run = pluginRun(project);
    const blank = { name: 'blank', apply: (pixels: Float32Array) => void pixels.fill(0.5) };
    run.hooks.augmentations.tap('test', (list) => [...list, blank]);
    const plugin = dataIdx({
      path: basename(makeFolder()),
      heldOutPerClass: 1,
      ...MOMENTS,
      augment: { flip: 0.5 },
    });
    const dataset = await openData(plugin, run);
    const { images } = await dataset.read('train', [0], { augment: randomStream(1) });
    expect([...images.subarray(0, 2)].map((value) => Math.round(1e5 * value) / 1e5)).toEqual([0, 0.625]);
    expect((await dataset.read('train', [0])).images[0]).not.toBe(images[0]);
  });

  it('refuses an index outside the split', async () => {
    const dataset = await open(makeFolder());
    expect(() => dataset.read('test', [0, 6])).toThrow('Image 6 of the test split was asked for; it has 6.');
  });
});

describe('damage is named', () => {
  const damage = (
    change: (file: string, bytes: Buffer) => Uint8Array,
    name: string = IDX_FILES.trainImages,
  ) => {
    const folder = makeFolder();
    const file = join(folder, name);
    writeFileSync(file, change(file, readFileSync(file)));
    return { folder, file };
  };

  it('a file cut short', async () => {
    const { folder, file } = damage((_, bytes) => bytes.subarray(0, 300));
    await expect(open(folder)).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: `${file} is damaged: 300 bytes; expected 500 (12 × 4 × 5 × 2).`,
    });
  });

  it('a file that is something else', async () => {
    const { folder } = damage(() => Buffer.from('<!doctype html>'));
    await expect(open(folder)).rejects.toThrow('it begins with 3c21646f; expected 000008');
  });

  it('an empty file and a cut header', async () => {
    await expect(open(damage(() => Buffer.alloc(0)).folder)).rejects.toThrow('0 bytes; expected at least 4');
    await expect(open(damage((_, bytes) => bytes.subarray(0, 9)).folder)).rejects.toThrow(
      '9 bytes; expected 20',
    );
  });

  it('a gzip file cut short', async () => {
    const whole = makeFolder();
    const folder = join(project, 'cut');
    mkdirSync(folder);
    for (const name of Object.values(IDX_FILES)) copyFileSync(join(whole, name), join(folder, name));
    const packed = gzipSync(readFileSync(join(folder, IDX_FILES.testLabels)));
    writeFileSync(join(folder, `${IDX_FILES.trainImages}.gz`), packed);
    const other = join(project, 'cut-packed');
    mkdirSync(other);
    for (const name of Object.values(IDX_FILES)) {
      writeFileSync(join(other, `${name}.gz`), packed.subarray(0, packed.length - 9));
    }
    await expect(open(other)).rejects.toMatchObject({ code: 'DATA_CORRUPT' });
    // The plain file is preferred to the packed one beside it.
    await expect(open(folder)).resolves.toBeDefined();
  });

  it('a missing folder', async () => {
    await expect(open(join(project, 'nothing'))).rejects.toMatchObject({ code: 'DATA_FOLDER_MISSING' });
  });

  it('labels and images that do not fit', async () => {
    const fewer = encodeIdx({ dimensions: [11], bytes: new Uint8Array(11) });
    const { folder } = damage(() => fewer, IDX_FILES.trainLabels);
    await expect(open(folder)).rejects.toThrow('train has labels of 11 for images of 12 × 4 × 5 × 2');
    const unknown = damage((_, bytes) => bytes.fill(9, 8), IDX_FILES.testLabels);
    await expect(open(unknown.folder)).rejects.toThrow(
      'The test labels go up to 9, the training labels only to 2',
    );
  });

  it('options that do not fit', async () => {
    const folder = makeFolder();
    await expect(open(folder, { heldOutPerClass: 4 })).rejects.toThrow('class 0 has only 4 training images');
    await expect(open(folder, { mean: [0.5] })).rejects.toThrow(
      'mean has 1 value, and the images have 2 channels',
    );
  });
});
