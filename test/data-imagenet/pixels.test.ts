import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { describe, expect, it } from 'vitest';
import { distance, golden, imagesSource, openImages, temporaryFolder, upTo } from './open-images.js';

const VALUES = golden.side ** 2 * 3;
const COUNT = golden.names.length;
const random = randomStream('pixels');

describe("without augmentation, images are torchvision's", () => {
  it.each([
    ['bicubic', { interpolation: 'bicubic' }],
    ['bilinear', { interpolation: 'bilinear' }],
    ['squash', { interpolation: 'bicubic', cropMode: 'squash' }],
  ] as const)('resized by %s', async (file, how) => {
    const dataset = await openImages({ evaluation: { crop: 0.875, ...how } });
    const { images } = await dataset.read('test', upTo(COUNT));
    const bytes = golden.pixels(file);
    expect(images.length).toBe(bytes.length);
    golden.names.forEach((name, image) => {
      expect(dataset.name!('test', image)).toBe(name);
      const [from, to] = [image * VALUES, (image + 1) * VALUES];
      const found = distance(images.subarray(from, to), bytes.subarray(from, to));
      expect(found.greatest, name).toBeLessThan(0.01);
    });
  });

  it('also where a decoder only warns', async () => {
    const path = join(temporaryFolder(), 'images');
    mkdirSync(join(path, 'apple'), { recursive: true });
    copyFileSync(join(golden.damaged, 'strange.JPEG'), join(path, 'apple', 'strange.JPEG'));
    const dataset = await openImages({ path });
    const { images } = await dataset.read('test', [0]);
    expect(distance(images, golden.pixels('strange')).greatest).toBeLessThan(0.01);
  });

  it('normalised by mean and std', async () => {
    const plain = await openImages({});
    const normal = await openImages({ mean: [0.5, 0.25, 0], std: [0.5, 1, 2] });
    const raw = (await plain.read('test', [3])).images;
    const { images } = await normal.read('test', [3]);
    const expected = raw.map((value, at) => [(value - 0.5) / 0.5, value - 0.25, value / 2][at % 3]!);
    for (let at = 0; at < VALUES; at++) expect(images[at]).toBeCloseTo(expected[at]!, 6);
  });
});

describe('images that are none of the data set’s', () => {
  const evaluation = { crop: 0.8, interpolation: 'bicubic' } as const;
  const options = { mean: [0.5, 0.25, 0.125], std: [0.5, 1, 2], evaluation } as const;

  it('are read to the bits of those that are', async () => {
    const reader = (await imagesSource(options)).imageReader!();
    const dataset = await openImages(options);
    for (const [index, name] of golden.names.entries()) {
      const { images } = await dataset.read('test', [index]);
      expect(await reader.read(join(golden.images, name)), name).toEqual({ pixels: images });
    }
  });

  it('are told where they cannot be read, and the next ones are read', async () => {
    const reader = (await imagesSource(options)).imageReader!();
    expect(await reader.read('nowhere.jpg')).toEqual({ problem: expect.stringContaining('ENOENT') });
    expect(await reader.read(join(golden.images, golden.names[0]!))).toHaveProperty('pixels');
  });
});

describe('with augmentation', () => {
  const whole = { crop: { scale: [1, 1], ratio: [1, 1] }, interpolation: 'bicubic' } as const;
  const square = golden.names.indexOf('pear/square.JPEG');

  const FILTERS = ['bicubic', 'bilinear'] as const;

  it.each(FILTERS)(
    'the whole of a square image is what Pillow resizes by %s, as near as the fast decoder comes',
    async (interpolation) => {
      const other = FILTERS.find((filter) => filter !== interpolation)!;
      const [same, another] = await Promise.all([interpolation, other].map(exactSquare));
      const dataset = await openImages({ ...whole, interpolation, augment: {} });
      const { images } = await dataset.read('train', [square], { augment: random });
      expect(distance(images, same!).mean).toBeLessThan(1.5);
      // Where it is not installed, the exact one takes its place.
      if (await hasFastDecoder()) expect(distance(images, same!).mean).toBeGreaterThan(0.1);
      expect(distance(images, same!).mean).toBeLessThan(distance(images, another!).mean);
    },
  );

  function hasFastDecoder(): Promise<boolean> {
    const name: string = '@julusian/jpeg-turbo';
    return import(name).then(
      () => true,
      () => false,
    );
  }

  async function exactSquare(interpolation: (typeof FILTERS)[number]): Promise<Uint8Array> {
    const exact = await openImages({ evaluation: { crop: 1, interpolation } });
    const { images } = await exact.read('test', [square]);
    return Uint8Array.from(images, (value) => Math.round(value * 255));
  }

  it('random draws one of both filters for each image', async () => {
    const read = async (interpolation: 'random' | (typeof FILTERS)[number], count: number) => {
      const dataset = await openImages({ ...whole, interpolation, augment: {} });
      const { images } = await dataset.read('train', Array(count).fill(square), { augment: random });
      return Array.from({ length: count }, (_, at) => images.slice(at * VALUES, (at + 1) * VALUES).join());
    };
    const drawn = await read('random', 16);
    const each = (await Promise.all(FILTERS.map((filter) => read(filter, 1)))).flat();
    expect(new Set(each).size).toBe(FILTERS.length);
    expect(new Set(drawn)).toEqual(new Set(each));
  });

  it('flips left to right, by the list of the stage', async () => {
    const dataset = await openImages({ ...whole, augment: { flip: 1 }, retrainAugment: {} });
    const flipped = (await dataset.read('train', [square], { augment: random })).images;
    const plain = (await dataset.read('train', [square], { augment: random, stage: 'retrain' })).images;
    expect(mirror(flipped)).toEqual(Array.from(plain));
    expect(mirror(flipped)).not.toEqual(Array.from(flipped));
  });

  it('crops are spread over area, form and place as asked', async () => {
    const crops = await drawCrops(300, { scale: [0.25, 0.5], ratio: [0.5, 2] });
    const areas = crops.map(({ width, height }) => width * height);
    const forms = crops.map(({ width, height }) => Math.log2(width / height));
    expect(Math.min(...areas)).toBeGreaterThan(0.22);
    expect(Math.min(...areas)).toBeLessThan(0.29);
    expect(Math.max(...areas)).toBeGreaterThan(0.46);
    expect(Math.max(...areas)).toBeLessThan(0.54);
    expect(Math.abs(mean(areas) - 0.375)).toBeLessThan(0.03);
    expect(Math.min(...forms)).toBeLessThan(-0.8);
    expect(Math.max(...forms)).toBeGreaterThan(0.8);
    expect(Math.abs(mean(forms))).toBeLessThan(0.12);
    for (const middles of [crops.map(({ x }) => x), crops.map(({ y }) => y)]) {
      expect(Math.abs(mean(middles) - 0.5)).toBeLessThan(0.04);
    }
  });

  it('an image that no draw fits is cut at its centre', async () => {
    const crops = await drawCrops(3, { scale: [1, 1], ratio: [2, 2] });
    for (const { width, height, x, y } of crops) {
      expect(width).toBeCloseTo(1, 1);
      expect(height).toBeCloseTo(0.5, 1);
      expect([x, y].map((middle) => Math.round(middle * 20))).toEqual([10, 10]);
    }
  });
});

interface Crop {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** Crops of an image whose red is its column and whose green is its row, told from what came out. */
async function drawCrops(
  count: number,
  crop: { scale: [number, number]; ratio: [number, number] },
): Promise<Crop[]> {
  const dataset = await openImages({ path: golden.ramp, crop, augment: {}, interpolation: 'bilinear' });
  const { images } = await dataset.read('train', new Uint32Array(count), { augment: random });
  return Array.from({ length: count }, (_, i) => cropOf(images.subarray(i * VALUES, (i + 1) * VALUES)));
}

/** Means of the outermost columns and rows are half an output pixel inside of the crop. */
function cropOf(pixels: Float32Array): Crop {
  const side = golden.side;
  const meanOf = (channel: number, inside: (row: number, column: number) => boolean) =>
    mean(
      Array.from({ length: side * side }, (_, place) => place)
        .filter((place) => inside(Math.floor(place / side), place % side))
        .map((place) => pixels[place * 3 + channel]!),
    );
  const [left, right] = [
    meanOf(0, (_, column) => column === 0),
    meanOf(0, (_, column) => column === side - 1),
  ];
  const [top, bottom] = [meanOf(1, (row) => row === 0), meanOf(1, (row) => row === side - 1)];
  const stretch = side / (side - 1);
  return {
    width: (right - left) * stretch,
    height: (bottom - top) * stretch,
    x: (left + right) / 2,
    y: (top + bottom) / 2,
  };
}

function mirror(pixels: Float32Array): number[] {
  const { side } = golden;
  return Array.from({ length: pixels.length }, (_, at) => {
    const [row, column, channel] = [Math.floor(at / 3 / side), Math.floor(at / 3) % side, at % 3];
    return pixels[(row * side + side - 1 - column) * 3 + channel]!;
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
