import { randomStream } from 'dna-nas/core';
import type { FeatureShape } from 'dna-nas/core/contracts';
import { colourJitter, createAugmentations, erase, flip, shift } from 'dna-nas/nn/augment';
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

describe('erase, as timm fills', () => {
  const shape = { height: 40, width: 50, channels: 3 };
  const normalisation = { mean: [0.2, 0.5, 0.8], std: [0.1, 0.2, 0.3] };
  const erased = (fill: 'const' | 'pixel', seed: number, options = {}) => {
    const pixels = new Float32Array(40 * 50 * 3).fill(7);
    erase({ probability: 1, fill, ...options }, normalisation).apply(pixels, shape, randomStream(seed));
    return pixels;
  };

  it('const is 0 once it is normalised', () => {
    const pixels = erased('const', 1);
    expect(new Set(pixels)).toEqual(new Set([7, ...Float32Array.from(normalisation.mean)]));
    pixels.forEach((value, at) => {
      if (value !== 7) expect(value).toBe(Math.fround(normalisation.mean[at % 3]!));
    });
  });

  it('pixel is standard normal once it is normalised, each pixel and channel its own', () => {
    const drawn: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      erased('pixel', seed, { area: [0.2, 0.3] }).forEach((value, at) => {
        if (value !== 7) drawn.push((value - normalisation.mean[at % 3]!) / normalisation.std[at % 3]!);
      });
    }
    const n = drawn.length;
    const moment = (power: number) => drawn.reduce((sum, value) => sum + value ** power, 0) / n;
    expect(n).toBeGreaterThan(40_000);
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n));
    const beyond = drawn.filter((value) => Math.abs(value) > 1.96).length / n;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt(0.0475 / n));
    expect(new Set(drawn).size).toBeGreaterThan(20_000);
    expect(erased('pixel', 3)).toEqual(erased('pixel', 3));
  });

  it('covers a share of timm’s range', () => {
    const shares = Array.from({ length: 300 }, (_, seed) => {
      const pixels = erased('const', seed);
      return pixels.filter((value) => value !== 7).length / pixels.length;
    }).filter((share) => share > 0);
    expect(Math.min(...shares)).toBeLessThan(0.05);
    expect(Math.max(...shares)).toBeGreaterThan(0.31);
    expect(Math.max(...shares)).toBeLessThan(0.36);
  });

  it('refuses statistics of other channels', () => {
    const grey = { height: 9, width: 9, channels: 1 };
    const one = new Float32Array(81);
    expect(() => erase({ probability: 1, fill: 'const' }).apply(one, grey, randomStream(1))).toThrow(
      'mean and std of 1 channels were expected, not of 3.',
    );
  });
});

describe('colour jitter', () => {
  const shape = { height: 12, width: 12, channels: 3 };
  const draw = (options: Parameters<typeof colourJitter>[0], seed: number) => {
    const pixels = picture(shape);
    colourJitter(options).apply(pixels, shape, randomStream(seed));
    return pixels;
  };

  it('draws three values, whatever it changes', () => {
    for (const options of [
      { brightness: 0.4 },
      { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    ]) {
      const [random, other] = [randomStream(9), randomStream(9)];
      colourJitter(options).apply(picture(shape), shape, random);
      for (let i = 0; i < 3; i++) other.uniform();
      expect(random.uniform()).toBe(other.uniform());
    }
  });

  it('applies its changes in every order', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      // Brightness clips and contrast turns around the mean, so that their order shows.
      const own = randomStream(seed).fork('colour-jitter');
      own.uniform();
      const order = own.permutation(4);
      const brightFirst = order.indexOf(0) < order.indexOf(1);
      const stream = randomStream(seed);
      const [bright, contrasted] = [stream, stream].map((one) => 1 + 0.8 * (2 * one.uniform() - 1));
      expect(draw({ brightness: 0.8, contrast: 0.8 }, seed)).toEqual(
        brightFirst
          ? contrastOf(brightnessOf(picture(shape), bright!), contrasted!)
          : brightnessOf(contrastOf(picture(shape), contrasted!), bright!),
      );
      seen.add(String(brightFirst));
    }
    expect(seen.size).toBe(2);
  });

  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const brightnessOf = (pixels: Float32Array, factor: number) => pixels.map((value) => clip(factor * value));
  const contrastOf = (pixels: Float32Array, factor: number) => {
    let sum = 0;
    for (let at = 0; at < pixels.length; at += 3) {
      sum += 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
    }
    const mean = sum / (pixels.length / 3);
    return pixels.map((value) => clip(mean + factor * (value - mean)));
  };

  it('turns hues and keeps the value', () => {
    const before = picture(shape);
    const after = draw({ hue: 0.5 }, 2);
    let moved = 0;
    for (let at = 0; at < before.length; at += 3) {
      const most = (pixels: Float32Array) => Math.max(...pixels.subarray(at, at + 3));
      expect(Math.abs(most(after) - most(before))).toBeLessThan(0.501 / 255);
      if (Math.abs(after[at]! - before[at]!) > 0.02) moved++;
    }
    expect(moved).toBeGreaterThan(40);
    const grey = { height: 5, width: 5, channels: 1 };
    const one = picture(grey);
    colourJitter({ hue: 0.5 }).apply(one, grey, randomStream(1));
    expect(one).toEqual(picture(grey));
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
  expect(() => colourJitter({ hue: 0.6 })).toThrow('hue from 0 to 0.5 was expected, not 0.6.');
});

it('makes what the options name, in a fixed order', () => {
  const made = createAugmentations({ erase: {}, shift: 2, flip: 0.5, colourJitter: { contrast: 0.1 } });
  expect(made.map(({ name }) => name)).toEqual(['flip', 'shift', 'colour-jitter', 'erase']);
  expect(createAugmentations({ flip: 0, shift: 0 })).toEqual([]);
});
