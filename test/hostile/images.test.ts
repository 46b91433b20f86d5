import { expect, test } from 'vitest';
import { CAMPAIGN, inCampaign } from '../faults/extent.js';

type File = readonly [name: string, bytes: Uint8Array];

interface Verdicts {
  readonly cases: number;
  readonly refused: number;
  readonly accepted: number;
  readonly worstMegabytes: number;
  /** Named as a run names them. */
  readonly problems: readonly string[];
  /** How the process that read them ended, if it crashed. */
  readonly crash?: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const script = (name: string) => import(new URL(`../../scripts/${name}.mjs`, import.meta.url).href);
const { readImages } = (await script('hostile-image-process')) as {
  readImages(files: readonly File[], options?: { threads: number }): Promise<Verdicts>;
};
const jpegs = (await script('hostile-jpegs')) as {
  twoFacedJpeg(): Buffer;
  plainJpeg(size: Size): Buffer;
  manyScansJpeg(options: Size & { scans: number; filled?: boolean }): Buffer;
  hiddenScansJpeg(options: Size & { scans: number }): Buffer;
};
const { png, longTexts, HOSTILE_IMAGES } = (await script('hostile-image-files')) as {
  png(options: Size): Buffer;
  longTexts(): File[];
  HOSTILE_IMAGES: Readonly<Record<string, () => File[] | Promise<File[]>>>;
};
const { compareHeaders } = (await script('hostile-images')) as {
  compareHeaders(count: number): Promise<{ accepted: number; refused: number; faults: string[] }>;
};

/** What one of our limits says of the only image. */
async function reasonOf(bytes: Uint8Array): Promise<string | undefined> {
  const { problems, crash } = await readImages([['image', bytes]]);
  expect(crash).toBeUndefined();
  return /passed over \((.*)\); \d+ so far/.exec(problems[0] ?? '')?.[1];
}

test('a JPEG of two sizes does not end the process', async () => {
  expect(await reasonOf(jpegs.twoFacedJpeg())).toMatch(/32768×32768, above data\.maxPixels/);
});

test('JPEG headers have the size that both builds of libjpeg read', async () => {
  const count = CAMPAIGN ? 3000 : 750;
  const { accepted, refused, faults } = await compareHeaders(count);
  expect(faults).toEqual([]);
  expect(accepted).toBeGreaterThan(count / 3);
  expect(refused).toBeGreaterThan(count / 3);
});

test('what is no JPEG, PNG or WebP reaches no decoder, whatever its name', async () => {
  const files = await HOSTILE_IMAGES['other formats']!();
  const { crash, problems, refused } = await readImages(files);
  expect(crash).toBeUndefined();
  expect(refused).toBe(files.length);
  const reason = /passed over \((it is (TIFF|GIF|AVIF); data\.formats names|it does not begin as an image)/;
  expect(problems.filter((problem) => !reason.test(problem))).toEqual([]);
});

test('images beyond the limits are named before they are decoded', async () => {
  const files = await HOSTILE_IMAGES.bombs!();
  const { crash, problems, refused, worstMegabytes } = await readImages(files);
  expect(crash).toBeUndefined();
  expect(refused, problems.join('\n')).toBe(files.length);
  expect(
    problems.filter((problem) => !/maxPixels|maxBytes|sides of at most|above the limit/.test(problem)),
  ).toEqual([]);
  expect(worstMegabytes).toBeLessThan(300);
});

test('a JPEG has at most 100 scans, however they are hidden', async () => {
  const size = { width: 100, height: 100 };
  expect(await reasonOf(jpegs.manyScansJpeg({ ...size, scans: 100, filled: true }))).toBeUndefined();
  expect(await reasonOf(jpegs.manyScansJpeg({ ...size, scans: 101, filled: true }))).toMatch(/101 scans/);
  expect(await reasonOf(jpegs.hiddenScansJpeg({ ...size, scans: 300 }))).toMatch(/300 scans/);
});

test('texts in a PNG are not unpacked', async () => {
  const { accepted, worstMegabytes } = await readImages(longTexts());
  expect(accepted).toBe(1);
  expect(worstMegabytes).toBeLessThan(300);
});

inCampaign('eight threads that meet the largest images at once hold 512 MB together', async () => {
  const size = { width: 6400, height: 6200 };
  const files = Array.from({ length: 4 }, (_, index): File => {
    return index % 2 === 0 ? ['jpeg', jpegs.plainJpeg(size)] : ['png', png(size)];
  });
  const idle = await readImages([['small', jpegs.plainJpeg({ width: 64, height: 64 })]], { threads: 8 });
  const { crash, accepted, worstMegabytes } = await readImages(files, { threads: 8 });
  expect(crash).toBeUndefined();
  expect(accepted).toBe(4);
  expect(worstMegabytes - idle.worstMegabytes).toBeLessThan(512);
});
