import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { type FeaturesCompared, randomStream } from 'dna-nas/core';
import { type FeatureMapsFile, readRunData, reportHtml, reportPage } from 'dna-nas/plugins/report-html';
import { beforeAll, describe, expect, it } from 'vitest';
import { applied, temporaryFolder } from './fake-run.js';
import { writeSampleRun } from './sample-run.js';

const folder = temporaryFolder();
const summary = writeSampleRun(folder);
const IMAGE = { height: 10, width: 20, channels: 3 };
const SHAPES = [
  { height: 5, width: 10, channels: 4 },
  { height: 3, width: 3, channels: 1 },
];
const random = randomStream('features');
const draw = (length: number) => Float32Array.from({ length }, () => random.normal());
const sizeOf = ({ height, width, channels }: typeof IMAGE) => height * width * channels;

const compared: FeaturesCompared = {
  folder,
  split: 'test',
  image: IMAGE,
  images: [
    { index: 3, label: 1, className: '<b>Dress</b>', pixels: draw(600) },
    { index: 1234, name: 'n01/a "b".JPEG', label: 0, pixels: draw(600) },
  ],
  blocks: SHAPES.map((shape, block) => {
    const teacher = draw(2 * sizeOf(shape));
    // Channel 3 of the first block is the liveliest, then channel 2.
    if (block === 0)
      for (let at = 0; at < teacher.length; at++)
        teacher[at]! *= [1, 2, 5, 9][at % 4]! * (at % 4 > 1 ? 1 : 0.1);
    const student = teacher.map((value) => value + 0.2 * random.normal());
    const features = { shape, teacher, student, error: 0.1234 + block, errors: [0.11, 0.22] };
    return { block, name: `block ${block + 1}`, choice: { cell: 0, path: [0, 0] }, features };
  }),
};

let stored: FeatureMapsFile;
let page: string;

beforeAll(async () => {
  const { hooks } = applied(reportHtml());
  await hooks.featuresCompared.promise(compared);
  await hooks.runFinished.promise({ summary, folder });
  stored = JSON.parse(readFileSync(join(folder, 'features.json'), 'utf8'));
  page = readFileSync(join(folder, 'report.html'), 'utf8');
});

/** Size, colour type and samples of a PNG whose lines are not filtered. */
function decode(address: string) {
  const file = Buffer.from(address.replace('data:image/png;base64,', ''), 'base64');
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  expect([...chunks.keys()].at(-1)).toBe('IEND');
  const header = chunks.get('IHDR')!;
  const [width, height, type] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9]];
  const lines = inflateSync(chunks.get('IDAT')!);
  const line = lines.length / height;
  const samples = [...lines].filter((_, at) => at % line !== 0);
  return { width, height, type, samples, palette: chunks.get('PLTE') };
}

const addresses = () => [...page.matchAll(/<image [^>]*href="([^"]*)"/g)].map((match) => match[1]!);

describe('feature maps', () => {
  it('are kept with their figures: the mean, and the channels that vary most', () => {
    expect(stored.blocks.map(({ error }) => error)).toEqual([0.1234, 1.1234]);
    const channels = stored.blocks.map(({ images }) => images[0]!.maps.map(({ channel }) => channel));
    expect(channels).toEqual([
      [null, 3, 2],
      [null, 0],
    ]);
  });

  it('of teacher and student share a scale, and the difference is half of it at most', () => {
    const [{ features }] = [compared.blocks[0]!];
    const { low, high, teacher, student, difference } = stored.blocks[0]!.images[1]!.maps[1]!;
    const channel = (maps: Float32Array) => Array.from({ length: 50 }, (_, at) => maps[200 + at * 4 + 3]!);
    const [wanted, found] = [channel(features.teacher), channel(features.student)];
    expect(low).toBe(Math.min(...wanted, ...found));
    expect(high).toBe(Math.max(...wanted, ...found));
    const bytes = (data: string) => [...Buffer.from(data, 'base64')];
    const onScale = (value: number) => (255 * (value - low)) / (high - low);
    bytes(teacher).forEach((byte, at) => {
      expect(Math.abs(byte - onScale(wanted[at]!))).toBeLessThan(0.501);
    });
    bytes(student).forEach((byte, at) => {
      expect(Math.abs(byte - onScale(found[at]!))).toBeLessThan(0.501);
    });
    bytes(difference).forEach((byte, at) => {
      expect(Math.abs(byte - 128 - (onScale(found[at]!) - onScale(wanted[at]!)))).toBeLessThan(0.501);
    });
  });

  it('are pictures in the page itself, of the stored bytes', () => {
    // Two scales; an image has its own picture, three trios in the first block and two in the second.
    const found = addresses();
    expect(found).toHaveLength(2 + 2 * (1 + 3 * 3 + 3 * 2));
    const pictures = found.map(decode);
    expect(pictures[2]).toMatchObject({ width: 20, height: 10, type: 2 });
    expect(pictures[3]).toMatchObject({ width: 10, height: 5, type: 3 });
    expect(pictures[3]!.palette).toHaveLength(768);
    expect(Buffer.from(pictures[3]!.samples)).toEqual(
      Buffer.from(stored.blocks[0]!.images[0]!.maps[0]!.teacher, 'base64'),
    );
  });

  it('load nothing from outside, and names do no harm', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
    for (const address of addresses()) expect(address).toMatch(/^data:image\/png;base64,[\w+/=]+$/);
    expect(page).not.toMatch(/https?:|url\(|@import|<script|<link|<iframe|<img|<b>|undefined|NaN/);
    expect(page).toContain('class &lt;b&gt;Dress&lt;/b&gt;');
    expect(page).toContain('n01/a &quot;b&quot;.JPEG');
    expect(page).toContain('Image 3 of the test split');
    expect(page).toContain('Block 1: relative error 0.1100. Block 2: relative error 0.1100.');
  });

  it('stay in a report that is drawn again, and are left out where there are none', () => {
    expect(reportPage(readRunData(folder, summary))).toBe(page);
    const { features: _, ...rest } = readRunData(folder, summary);
    expect(reportPage(rest)).not.toMatch(/<image|img-src/);
  });

  it('whose bytes do not make up their shape are left out', () => {
    const [first, second] = stored.blocks;
    const blocks = [{ ...first!, shape: { ...first!.shape, width: 1e9 } }, second];
    writeFileSync(join(folder, 'features.json'), JSON.stringify({ ...stored, blocks }));
    const html = reportPage(readRunData(folder, summary));
    expect(html.match(/<image /g)).toHaveLength(2 + 2 * (1 + 3 * 2));
  });
});
