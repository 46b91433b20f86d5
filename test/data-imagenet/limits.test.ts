import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import type { DataImagenetOptions } from 'dna-nas/plugins/data-imagenet';
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { golden, openImages, temporaryFolder, upTo } from './open-images.js';

const jpegs = (await import(new URL('../../scripts/hostile-jpegs.mjs', import.meta.url).href)) as {
  plainJpeg(size: { width: number; height: number }): Buffer;
  subsampledJpeg(image: { width: number; height: number; across: number; down: number }): Buffer;
};
const random = randomStream('limits');

/** A folder of one class that holds these files and, last, a sound image. */
function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(temporaryFolder(), 'images');
  mkdirSync(join(path, 'one'), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, 'one', name), bytes);
  writeFileSync(join(path, 'one', 'zz.jpg'), jpegs.plainJpeg({ width: 50, height: 50 }));
  return path;
}

/** What is said of images that are read with and without augmentation. */
async function problemsOf(path: string, options: Partial<DataImagenetOptions> = {}): Promise<string[]> {
  const dataset = await openImages({ path, augment: {}, ...options });
  const problems: string[] = [];
  const noticed = (text: string) => void problems.push(text);
  const all = upTo(dataset.description.size.train);
  await dataset.read('train', all, { augment: random, noticed });
  await dataset.read('test', all, { noticed });
  return problems;
}

/**
 * Sizes of ImageNet-1k's largest images: what NVIDIA's examples for it set aside memory for (`preallocate_width_hint`
 * and `preallocate_height_hint`), one of training (NVIDIA/DALI issue 1137), one of a survey of its JPEGs; and that of
 * cameras of the time.
 */
const LARGEST = [
  [5980, 6430],
  [4768, 5980],
  [5616, 3744],
  [4288, 2848],
  [2592, 3888],
] as const;

test("ImageNet's largest images are within the limits, read by both decoders", async () => {
  const files = LARGEST.map(
    ([width, height]) => [`${width}.jpg`, jpegs.plainJpeg({ width, height })] as const,
  );
  expect(await problemsOf(folderOf(Object.fromEntries(files)))).toEqual([]);
});

test('colours of a quarter, a third or half of the resolution are no damage', async () => {
  const size = { width: 70, height: 50 };
  const samplings = [
    [4, 1],
    [1, 4],
    [4, 2],
    [3, 1],
    [2, 2],
  ] as const;
  const files = samplings.map(
    ([across, down]) => [`${across}×${down}.jpg`, jpegs.subsampledJpeg({ ...size, across, down })] as const,
  );
  expect(await problemsOf(folderOf(Object.fromEntries(files)))).toEqual([]);
});

describe('beyond a limit an image is damaged, named and counted', () => {
  const image = jpegs.plainJpeg({ width: 100, height: 80 });

  it('of pixels', async () => {
    const path = folderOf({ 'a.jpg': image });
    expect(await problemsOf(path, { maxPixels: 8000 })).toEqual([]);
    expect(await problemsOf(path, { maxPixels: 7999 })).toEqual([
      'The image one/a.jpg is damaged and passed over (it is 100×80, above data.maxPixels, 7999); 1 so far.',
    ]);
  });

  it('of bytes', async () => {
    const path = folderOf({ 'a.jpg': image });
    expect(await problemsOf(path, { maxBytes: image.length })).toEqual([]);
    expect((await problemsOf(path, { maxBytes: image.length - 1 })).join()).toMatch(
      /one\/a\.jpg .*above data\.maxBytes/,
    );
  });

  it('and counts towards corruptLimit', async () => {
    const path = folderOf({ 'a.jpg': image });
    await expect(problemsOf(path, { maxPixels: 7999, corruptLimit: 0 })).rejects.toMatchObject({
      code: 'DATA_IMAGES_DAMAGED',
    });
  });
});

describe('formats', () => {
  const picture = (format: 'gif' | 'tiff' | 'avif' | 'webp' | 'png') =>
    sharp({ create: { width: 30, height: 30, channels: 3, background: 'red' } })
      .toFormat(format)
      .toBuffer();

  it('are told by the first bytes, and more can be named', async () => {
    const path = folderOf({
      'a.jpg': await picture('webp'),
      'b.webp': await picture('png'),
      'c.png': await picture('gif'),
      'd.jpg': await picture('tiff'),
      'e.avif': await picture('avif'),
    });
    const problems = await problemsOf(path);
    expect(problems.map((text) => /one\/\S+|GIF|TIFF|AVIF/g[Symbol.match](text)?.slice(0, 2))).toEqual([
      ['one/c.png', 'GIF'],
      ['one/d.jpg', 'TIFF'],
      ['one/e.avif', 'AVIF'],
    ]);
    const formats = ['jpeg', 'png', 'webp', 'gif', 'tiff', 'avif'] as const;
    expect(await problemsOf(path, { formats })).toEqual([]);
    expect((await problemsOf(path, { formats: ['jpeg'] })).length).toBe(5);
  });

  it('do not include SVG, whatever is named', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30"/>');
    const formats = ['svg'] as unknown as DataImagenetOptions['formats'];
    const path = folderOf({ 'a.jpg': svg });
    expect((await problemsOf(path)).join()).toMatch(/does not begin as an image; expected JPEG, PNG, WEBP/);
    await expect(problemsOf(path, { formats })).rejects.toThrow(/formats/);
  });
});

test.skipIf(process.platform === 'win32')('a pipe that nobody writes to is no image', async () => {
  const path = folderOf({});
  execFileSync('mkfifo', [join(path, 'one', 'a.jpg')]);
  expect((await problemsOf(path)).join()).toMatch(/one\/a\.jpg is damaged.*it is no file/);
});

test('limits and formats are part of the fingerprint', async () => {
  const fingerprint = async (options: Partial<DataImagenetOptions>) =>
    (await openImages({ path: golden.images, ...options })).description.fingerprint;
  const plain = await fingerprint({});
  expect(await fingerprint({ formats: ['webp', 'png', 'jpeg'] })).toBe(plain);
  expect(await fingerprint({ formats: ['jpeg'] })).not.toBe(plain);
  expect(await fingerprint({ maxPixels: 1_000_000 })).not.toBe(plain);
  expect(await fingerprint({ maxBytes: 1_000_000 })).not.toBe(plain);
});
