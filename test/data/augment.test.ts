import { type FeatureShape, randomStream } from 'dna-nas/core';
import { colourJitter, createAugmentations, erase, flip, shift } from 'dna-nas/nn';
import { describe, expect, it } from 'vitest';

const SHAPES: FeatureShape[] = [
  { height: 5, width: 6, channels: 1 },
  { height: 4, width: 7, channels: 3 },
  { height: 3, width: 3, channels: 5 },
];

function picture({ height, width, channels }: FeatureShape): Float32Array {
  const random = randomStream('picture');
  return Float32Array.from({ length: height * width * channels }, () => random.uniform());
}

/** Builds an image by asking for each value. */
function build(shape: FeatureShape, value: (row: number, column: number, channel: number) => number) {
  const pixels: number[] = [];
  for (let row = 0; row < shape.height; row++) {
    for (let column = 0; column < shape.width; column++) {
      for (let channel = 0; channel < shape.channels; channel++) pixels.push(value(row, column, channel));
    }
  }
  return Float32Array.from(pixels);
}

const at = (pixels: Float32Array, shape: FeatureShape, row: number, column: number, channel: number) =>
  row < 0 || row >= shape.height || column < 0 || column >= shape.width
    ? 0
    : pixels[(row * shape.width + column) * shape.channels + channel]!;

describe.each(SHAPES)('on $height×$width×$channels', (shape) => {
  it('flip mirrors left to right', () => {
    const before = picture(shape);
    const after = before.slice();
    flip(1).apply(after, shape, randomStream(1));
    expect(after).toEqual(build(shape, (r, c, ch) => at(before, shape, r, shape.width - 1 - c, ch)));
    flip(0).apply(after, shape, randomStream(1));
    flip(1).apply(after, shape, randomStream(2));
    expect(after).toEqual(before);
  });

  it('shift is a crop of the zero-padded image, at every offset', () => {
    const before = picture(shape);
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const draws = randomStream(seed);
      const [down, right] = [draws.integer(5) - 2, draws.integer(5) - 2];
      const after = before.slice();
      shift(2).apply(after, shape, randomStream(seed));
      expect(after).toEqual(build(shape, (r, c, ch) => at(before, shape, r - down, c - right, ch)));
      seen.add(`${down} ${right}`);
    }
    expect(seen.size).toBe(25);
  });

  it('a shift beyond the image leaves zeros', () => {
    const after = picture(shape);
    const margin = 40;
    const seed = Array.from({ length: 50 }, (_, i) => i).find(
      (i) => Math.abs(randomStream(i).integer(2 * margin + 1) - margin) > shape.height,
    )!;
    shift(margin).apply(after, shape, randomStream(seed));
    expect(after.every((value) => value === 0)).toBe(true);
  });

  it('colour jitter multiplies brightness and clips', () => {
    const before = picture(shape);
    const after = before.slice();
    colourJitter({ brightness: 0.8 }).apply(after, shape, randomStream(5));
    const factor = 1 + 0.8 * (2 * randomStream(5).uniform() - 1);
    expect(factor).not.toBeCloseTo(1, 2);
    expect(after).toEqual(before.map((value) => Math.min(1, value * factor)));
  });
});

describe('erase', () => {
  const shape = { height: 20, width: 24, channels: 2 };
  const options = { probability: 1, area: [0.05, 0.3], aspect: [0.5, 2], fill: 0.25 } as const;

  function erasedRectangle(pixels: Float32Array) {
    const rows: number[] = [];
    const columns: number[] = [];
    for (let row = 0; row < shape.height; row++) {
      for (let column = 0; column < shape.width; column++) {
        if (at(pixels, shape, row, column, 0) === 0.25) {
          rows.push(row);
          columns.push(column);
        }
      }
    }
    const height = Math.max(...rows) - Math.min(...rows) + 1;
    const width = Math.max(...columns) - Math.min(...columns) + 1;
    return { count: rows.length, height, width };
  }

  it('fills one whole rectangle of the asked area and aspect, and nothing else', () => {
    const before = picture(shape);
    for (let seed = 0; seed < 100; seed++) {
      const after = before.slice();
      erase(options).apply(after, shape, randomStream(seed));
      const { count, height, width } = erasedRectangle(after);
      expect(count).toBe(height * width);
      // Sides are rounded to whole pixels.
      const area = [(height - 0.5) * (width - 0.5), (height + 0.5) * (width + 0.5)] as const;
      expect(area[0]).toBeLessThanOrEqual(0.3 * shape.height * shape.width);
      expect(area[1]).toBeGreaterThanOrEqual(0.05 * shape.height * shape.width);
      expect((height - 0.5) / (width + 0.5)).toBeLessThanOrEqual(2);
      expect((height + 0.5) / (width - 0.5)).toBeGreaterThanOrEqual(0.5);
      const changed = after.filter((value, i) => value !== before[i]);
      expect(changed.length).toBe(2 * count);
    }
  });

  it('draws noise for each pixel and channel', () => {
    const after = new Float32Array(20 * 24 * 2).fill(7);
    erase({ ...options, fill: 'noise' }).apply(after, shape, randomStream(3));
    const noise = after.filter((value) => value !== 7);
    expect(noise.length).toBeGreaterThan(40);
    expect(new Set(noise).size).toBe(noise.length);
    expect(noise.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('happens with its probability', () => {
    let erased = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const after = new Float32Array(20 * 24 * 2);
      erase({ ...options, probability: 0.3 }).apply(after, shape, randomStream(seed));
      if (after.some((value) => value > 0)) erased++;
    }
    expect(Math.abs(erased / 2000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 2000));
  });
});

it('contrast and saturation keep their anchors', () => {
  const shape = { height: 6, width: 6, channels: 3 };
  const grey = picture({ ...shape, channels: 1 });
  const before = Float32Array.from({ length: 108 }, (_, i) => 0.4 + 0.2 * grey[Math.floor(i / 3)]!);
  const after = before.slice();
  colourJitter({ saturation: 1 }).apply(after, shape, randomStream(1));
  after.forEach((value, i) => {
    expect(value).toBeCloseTo(before[i]!, 6);
  });
  colourJitter({ contrast: 0.9 }).apply(after, shape, randomStream(1));
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(after)).toBeCloseTo(mean(before), 6);
  expect(after).not.toEqual(before);
});

it('refuses what makes no sense', () => {
  expect(() => flip(1.5)).toThrow('flip: a probability from 0 to 1 was expected, not 1.5.');
  expect(() => shift(0.5)).toThrow('shift: a whole number of pixels was expected, not 0.5.');
  expect(() => erase({ area: [0.5, 0.2] })).toThrow('erase: area');
  expect(() => erase({ aspect: [0, 2] })).toThrow('erase: aspect');
  expect(() => colourJitter({ contrast: 2 })).toThrow('contrast from 0 to 1');
});

it('makes what the options name, in a fixed order', () => {
  const made = createAugmentations({ erase: {}, shift: 2, flip: 0.5, colourJitter: { contrast: 0.1 } });
  expect(made.map(({ name }) => name)).toEqual(['flip', 'shift', 'colour-jitter', 'erase']);
  expect(createAugmentations({ flip: 0, shift: 0 })).toEqual([]);
});
