import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Dataset } from 'dna-nas/core/contracts';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { golden, labelsOf, madeRun, namesOf, openImages, temporaryFolder, upTo } from './open-images.js';

/** Written by pyarrow as Hugging Face's datasets do: nine images for training, three for validation. */
const GOLDEN = fileURLToPath(new URL('../golden/parquet/', import.meta.url));
const TRAIN = 'train-00000-of-00001.parquet';
const VALIDATION = 'validation-00000-of-00001.parquet';
/** In the schema's order. */
const NAMES = ['plum', 'apple', 'pear'];

const jpeg = (index: number) => new Uint8Array(readFileSync(join(golden.images, golden.names[index]!)));
const IMAGES = golden.names.map((_, index) => jpeg(index));

interface Column {
  readonly name: string;
  readonly data: unknown[];
  readonly type: string;
}

/** A folder with one Parquet file of these columns. */
function written(columns: readonly Column[], options: object = {}): string {
  const path = temporaryFolder();
  const buffer = parquetWriteBuffer({ columnData: columns as never, ...options });
  writeFileSync(join(path, 'all.parquet'), new Uint8Array(buffer));
  return path;
}

const images = (data: unknown[] = IMAGES): Column => ({ name: 'image', data, type: 'BYTE_ARRAY' });
const labels = (data: unknown[], type = 'INT32'): Column => ({ name: 'label', data, type });
const NUMBERS = golden.names.map((_, index) => index % 3);

async function pixelsOf(dataset: Dataset, split: 'train' | 'test'): Promise<Map<string, number[]>> {
  const names = namesOf(dataset, split);
  const { images: pixels } = await dataset.read(split, upTo(names.length));
  const size = pixels.length / names.length;
  return new Map(names.map((name, at) => [name, Array.from(pixels.subarray(at * size, (at + 1) * size))]));
}

describe('Parquet files of Hugging Face', () => {
  it.each([0, 2])('hold the images that the folders hold, with %i threads', async (threads) => {
    const folders = await pixelsOf(await openImages({}), 'train');
    const dataset = await openImages({ path: GOLDEN, threads });
    expect(dataset.description.size).toMatchObject({ train: 9, test: 3 });
    const found = [...(await pixelsOf(dataset, 'train')), ...(await pixelsOf(dataset, 'test'))];
    expect(found.map(([name]) => name.replace(/^.*\/\d+-/, '')).sort()).toEqual(
      golden.names.map((name) => name.split('/')[1]).sort(),
    );
    for (const [name, pixels] of found) {
      const original = golden.names.find((one) => one.split('/')[1] === name.replace(/^.*\/\d+-/, ''));
      expect(pixels, name).toEqual(folders.get(original!));
    }
  });

  it('name their classes by the schema, in its order', async () => {
    const dataset = await openImages({ path: GOLDEN });
    expect(dataset.description.classNames).toEqual(NAMES);
    const expected = golden.names.slice(0, 9).map((name) => NAMES.indexOf(name.split('/')[0]!));
    expect(await labelsOf(dataset, 'train')).toEqual(expected);
    expect(dataset.name!('train', 0)).toBe(`${TRAIN}/0-${golden.names[0]!.split('/')[1]}`);
  });

  it('lie in a folder data/, in one a part, or are named alone; without labels no class is asked for', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'data'));
    for (const name of [TRAIN, VALIDATION]) cpSync(join(GOLDEN, name), join(root, 'data', name));
    expect((await openImages({ path: root })).description.size).toMatchObject({ train: 9, test: 3 });
    const parts = temporaryFolder();
    mkdirSync(join(parts, 'train'));
    mkdirSync(join(parts, 'test'));
    cpSync(join(GOLDEN, TRAIN), join(parts, 'train', '0000.parquet'));
    cpSync(join(GOLDEN, VALIDATION), join(parts, 'test', '0000.parquet'));
    expect((await openImages({ path: parts })).description.size).toMatchObject({ train: 9, test: 3 });
    const alone = await openImages({ path: join(GOLDEN, TRAIN), labels: false });
    expect(alone.description).toMatchObject({ size: { train: 9 }, classes: 0, labels: false });
  });

  it('are unpacked once, and are the same set in another project', async () => {
    const run = madeRun();
    const told: string[] = [];
    run.hooks.noticed.tap('test', (text) => void told.push(text));
    const first = await openImages({ path: GOLDEN }, { run });
    const kept = join(run.project, '.cache/dna-nas/parquet');
    const [folders] = [readdirSync(kept)];
    expect(folders).toHaveLength(2);
    expect(told.filter((text) => text.includes('unpacked, once'))).toHaveLength(2);
    const again = madeRun(run.project);
    again.hooks.noticed.tap('test', (text) => void told.push(text));
    const second = await openImages({ path: GOLDEN }, { run: again });
    expect(told).toHaveLength(2);
    const other = await openImages({ path: GOLDEN });
    for (const { description } of [second, other])
      expect(description.fingerprint).toBe(first.description.fingerprint);
    // What a broken-off start has left is made anew, or removed if its process is gone.
    rmSync(join(kept, folders[0]!, 'images'));
    const [gone, alive] = ['gone.partial-999999999', `alive.partial-${process.ppid}`];
    for (const name of [gone, alive]) mkdirSync(join(kept, name));
    const mended = await openImages({ path: GOLDEN }, { run: madeRun(run.project) });
    expect(await pixelsOf(mended, 'train')).toEqual(await pixelsOf(first, 'train'));
    expect(readdirSync(kept).filter((name) => !existsSync(join(kept, name, 'images')))).toEqual([alive]);
  });
});

describe('other Parquet files', () => {
  it.each(['SNAPPY', 'UNCOMPRESSED'])(
    'columns of bytes and texts, %s, in row groups of four',
    async (codec) => {
      const names = golden.names.map((name) => name.split('/')[0]!);
      const path = written([images(), labels(names, 'STRING')], { codec, rowGroupSize: 4 });
      const dataset = await openImages({ path });
      expect(dataset.description.classNames).toEqual(['apple', 'pear', 'plum']);
      expect([...(await pixelsOf(dataset, 'train')).values()]).toEqual([
        ...(await pixelsOf(await openImages({}), 'train')).values(),
      ]);
    },
  );

  it('columns of other names are named by data.list', async () => {
    const path = written([
      { ...images(), name: 'photo_of_it' },
      { ...labels(NUMBERS), name: 'kind' },
    ]);
    await expect(openImages({ path })).rejects.toMatchObject({ code: 'DATA_LIST_COLUMN' });
    const list = { file: 'photo_of_it', label: 'kind' };
    const dataset = await openImages({ path, list });
    expect(await labelsOf(dataset, 'train')).toEqual(NUMBERS);
    expect(dataset.description.classNames).toEqual(['class 0', 'class 1', 'class 2']);
  });

  it('an image without bytes, or that is none, is damaged as others are', async () => {
    const data = [...IMAGES.slice(0, 10), null, Uint8Array.of(1, 2, 3)];
    const dataset = await openImages({ path: written([images(data), labels(NUMBERS)]) });
    const inspected = await dataset.inspect!('train', upTo(12));
    expect(inspected.flatMap(({ damage }, index) => (damage === undefined ? [] : [index]))).toEqual([10, 11]);
  });
});

describe('a Parquet file that cannot be taken', () => {
  const TRUNCATED = readFileSync(join(GOLDEN, TRAIN));
  const raw = (bytes: Uint8Array) => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'all.parquet'), bytes);
    return path;
  };
  /** Two million rows without an image, in a few bytes. */
  const nullRows = () => {
    const data = new Array(2e6).fill(null);
    const columnData = [{ ...images(data), nullable: true }, labels(data)] as never;
    return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 2e6 }));
  };

  /** Behind the first page's header. */
  const spoilt = () => Buffer.from(TRUNCATED).fill(0xff, 40, 400);

  it.each([
    ['cut off', () => raw(TRUNCATED.subarray(0, 9000)), 'DATA_PARQUET', /cannot be read.*footer/],
    ['empty', () => raw(new Uint8Array(0)), 'DATA_PARQUET', /cannot be read/],
    ['of spoilt bytes', () => raw(spoilt()), 'DATA_PARQUET', /cannot be read/],
    [
      'that has rows without end',
      () => raw(nullRows()),
      'DATA_PARQUET',
      /has 2000000 rows; expected at most/,
    ],
    ['without images', () => written([labels(NUMBERS)]), 'DATA_LIST_COLUMN', /no column that tells the file/],
    ['without labels', () => written([images()]), 'DATA_LIST_COLUMN', /no column that tells the label/],
    [
      'whose images are texts',
      () => written([{ ...images(golden.names as unknown[]), type: 'STRING' }, labels(NUMBERS)]),
      'DATA_PARQUET',
      /its column image is a text; expected images: bytes/,
    ],
    [
      'whose images are numbers',
      () => written([{ ...images(NUMBERS), type: 'DOUBLE' }, labels(NUMBERS)]),
      'DATA_PARQUET',
      /its column image is DOUBLE/,
    ],
    [
      'whose labels are fractions',
      () => written([images(), labels(NUMBERS, 'DOUBLE')]),
      'DATA_PARQUET',
      /its column label is DOUBLE; expected classes/,
    ],
    [
      'with a label of none',
      () => written([images(), labels([...NUMBERS.slice(0, 11), -1])]),
      'DATA_PARQUET',
      /row 11 has the label "-1" for a class/,
    ],
    [
      'whose images have no bytes',
      () => written([images(IMAGES.map(() => null)), labels(NUMBERS)]),
      'DATA_PARQUET',
      /its column image has no image with bytes/,
    ],
  ] as const)('%s', async (_, make, code, message) => {
    const run = madeRun();
    const found = await openImages({ path: make() }, { run }).catch((error: unknown) => error);
    expect(found).toMatchObject({ code, message: expect.stringMatching(message) });
    const kept = join(run.project, '.cache/dna-nas/parquet');
    expect(existsSync(kept) ? readdirSync(kept) : []).toEqual([]);
  });
});
