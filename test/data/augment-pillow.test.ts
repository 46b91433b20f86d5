import { readFileSync } from 'node:fs';
import type { RandomStream } from 'dna-nas/core';
import {
  ByteImage,
  colourJitter,
  IMAGE_OPERATIONS,
  type ImageOperationName,
  type Interpolation,
} from 'dna-nas/nn/augment';
import { expect, test } from 'vitest';

interface Golden {
  readonly pillow: string;
  readonly fill: readonly number[];
  readonly images: Record<string, { height: number; width: number; channels: number; pixels: string }>;
  readonly cases: readonly {
    image: string;
    operation: ImageOperationName;
    argument: number;
    interpolation?: Interpolation;
    result: string;
  }[];
}

/** Made by scripts/pillow-reference.py. */
const golden: Golden = JSON.parse(
  readFileSync(new URL('../golden/pillow/augment.json', import.meta.url), 'utf8'),
);

function open(name: string): ByteImage {
  const { pixels, ...shape } = golden.images[name]!;
  const image = new ByteImage(shape);
  image.pixels.set(Buffer.from(pixels, 'base64'));
  return image;
}

const operations = Object.keys(IMAGE_OPERATIONS) as ImageOperationName[];

test.each(operations)('%s is what Pillow makes of bytes, to the bit', (operation) => {
  const cases = golden.cases.filter((one) => one.operation === operation);
  expect(cases.length).toBeGreaterThan(1);
  for (const { image: name, argument, interpolation = 'bicubic', result } of cases) {
    const image = open(name);
    const before = image.pixels.slice();
    const fill = golden.fill.slice(0, image.channels);
    IMAGE_OPERATIONS[operation](image, argument, { interpolation, fill });
    const expected = Buffer.from(result, 'base64');
    const label = `${operation} ${argument} ${interpolation} of ${name}`;
    expect(Buffer.compare(image.pixels, expected), label + differences(image.pixels, expected)).toBe(0);
    if (name === 'large') expect(image.pixels, label).not.toEqual(before);
  }
});

test.each([
  ['brightness', { brightness: 0.9 }],
  ['contrast', { contrast: 0.9 }],
  ['colour', { saturation: 0.9 }],
] as const)(
  'colour jitter, in float32 and then as bytes, is within 1 of 255 of Pillow: %s',
  (operation, options) => {
    const cases = golden.cases.filter((one) => one.operation === operation);
    for (const { image: name, argument, result } of cases) {
      const pixels = new Float32Array(open(name).pixels.length);
      open(name).write(pixels);
      const drawn = ((argument - 1) / 0.9 + 1) / 2;
      colourJitter(options).apply(pixels, golden.images[name]!, { uniform: () => drawn } as RandomStream);
      const expected = Buffer.from(result, 'base64');
      const off = pixels.map((value, at) => Math.abs(Math.round(255 * value) - expected[at]!));
      expect(Math.max(...off), `${operation} ${argument} of ${name}`).toBeLessThanOrEqual(1);
    }
  },
);

function differences(ours: Uint8Array, theirs: Uint8Array): string {
  const off = Array.from(ours, (value, at) => Math.abs(value - theirs[at]!));
  return `: ${off.filter((value) => value > 0).length} of ${off.length} differ, at most by ${Math.max(...off)}`;
}
