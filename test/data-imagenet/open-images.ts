import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHooks, type PluginRun } from 'dna-nas/core';
import type { DataSource, Dataset, Split } from 'dna-nas/core/contracts';
import { type DataImagenetOptions, dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { afterFile } from '../after-file.js';

const GOLDEN = fileURLToPath(new URL('../golden/imagenet/', import.meta.url));

const EXPECTED = JSON.parse(readFileSync(join(GOLDEN, 'expected.json'), 'utf8')) as {
  side: number;
  images: string[];
};

/** Twelve images of three classes; their names in order; and what Pillow makes of them. */
export const golden = {
  images: join(GOLDEN, 'images'),
  damaged: join(GOLDEN, 'damaged'),
  ramp: join(GOLDEN, 'ramp'),
  side: EXPECTED.side,
  names: EXPECTED.images,
  pixels: (name: string) => readFileSync(join(GOLDEN, `${name}.bin`)),
};

/** Pixels are given out as 0 to 1, and nothing is held out. */
const PLAIN: Partial<DataImagenetOptions> = {
  imageSize: golden.side,
  mean: [0, 0, 0],
  std: [1, 1, 1],
  heldOutPerClass: 0,
  testShare: 0,
  threads: 0,
};

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-imagenet-'));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of the golden images that may be changed. */
export function copyOfImages(): string {
  const folder = join(temporaryFolder(), 'images');
  cpSync(golden.images, folder, { recursive: true });
  return folder;
}

export function madeRun(project = temporaryFolder(), seed = 1): PluginRun {
  const resolve = () => Promise.reject(new Error('nothing to resolve'));
  return { hooks: createHooks(), seed, project, main: true, resolve };
}

/** The source of a folder of images, as a run has it. */
export async function imagesSource(
  options: Partial<DataImagenetOptions>,
  run: PluginRun = madeRun(),
): Promise<DataSource> {
  dataImagenet({ path: golden.images, ...PLAIN, ...options }).apply(run);
  return (await run.hooks.resolveData.promise({ slot: 'data' }))!;
}

/** Opens a folder of images as a run does; closed when the test file is done. */
export async function openImages(
  options: Partial<DataImagenetOptions>,
  { run = madeRun(), shared }: { run?: PluginRun; shared?: unknown } = {},
): Promise<Dataset> {
  const dataset = await (await imagesSource(options, run)).open(shared);
  afterFile(() => dataset.close());
  return dataset;
}

export const upTo = (count: number) => Uint32Array.from({ length: count }, (_, index) => index);

/** Distances from bytes, in 255ths: mean and greatest. */
export function distance(pixels: Float32Array, bytes: Uint8Array): { mean: number; greatest: number } {
  let sum = 0;
  let greatest = 0;
  bytes.forEach((byte, at) => {
    const difference = Math.abs(pixels[at]! * 255 - byte);
    sum += difference;
    greatest = Math.max(greatest, difference);
  });
  return { mean: sum / bytes.length, greatest };
}

/** All names of a split. */
export function namesOf(dataset: Dataset, split: Split): string[] {
  const count = dataset.description.size[split];
  return Array.from({ length: count }, (_, index) => dataset.name!(split, index));
}

/** All labels of a split. */
export async function labelsOf(dataset: Dataset, split: Split): Promise<number[]> {
  const count = dataset.description.size[split];
  const { labels } = await dataset.read(
    split,
    Uint32Array.from({ length: count }, (_, i) => i),
  );
  return Array.from(labels);
}
