import { readFileSync } from 'node:fs';
import { type RandomStream, randomStream } from 'dna-nas/core';
import {
  AUTO_AUGMENT_POLICIES,
  type AutoAugmentPolicy,
  autoAugment,
  createAugmentations,
  LEVELS,
  type LevelName,
  randAugment,
  randAugmentOperations,
  readRandAugment,
} from 'dna-nas/nn/augment';
import { describe, expect, it, test } from 'vitest';

/** Made by scripts/pillow-reference.py from timm. */
const golden: {
  levels: Record<LevelName, [number[], number[]]>;
  policies: Record<AutoAugmentPolicy, [LevelName, number, number][][]>;
  rand: Record<'increasing' | 'plain', LevelName[]>;
} = JSON.parse(readFileSync(new URL('../golden/pillow/policies.json', import.meta.url), 'utf8'));

const SHAPE = { height: 24, width: 20, channels: 3 };
const NORMALISATION = { mean: [0.2, 0.5, 0.8], std: [0.1, 0.2, 0.3] };

function picture(seed: number, { height, width, channels } = SHAPE): Float32Array {
  const random = randomStream(seed);
  return Float32Array.from({ length: height * width * channels }, () =>
    Math.fround(random.integer(256) / 255),
  );
}

/** A stream that always draws the same. */
const drawing = (value: number) => ({ uniform: () => value }) as RandomStream;

test.each(Object.keys(golden.levels) as LevelName[])('%s: arguments are those of timm', (name) => {
  golden.levels[name].forEach((arguments_, half) => {
    arguments_.forEach((expected, level) => {
      const found = LEVELS[name].argument(level / 2, drawing(half === 0 ? 0.25 : 0.75));
      expect(found, `at ${level / 2}`).toBeCloseTo(expected, 12);
    });
  });
});

test('every name is one of timm’s', () => {
  expect(Object.keys(LEVELS).sort()).toEqual(Object.keys(golden.levels).sort());
});

test.each(Object.keys(golden.policies) as AutoAugmentPolicy[])('policy %s is timm’s', (name) => {
  const table = AUTO_AUGMENT_POLICIES[name].map((pair) =>
    pair.map((step) => [step.name, step.probability, step.magnitude]),
  );
  expect(table).toEqual(golden.policies[name]);
});

test('RandAugment draws from the operations that timm’s draws from', () => {
  expect(randAugmentOperations(true)).toEqual(golden.rand.increasing);
  expect(randAugmentOperations(false)).toEqual(golden.rand.plain);
});

describe('readRandAugment', () => {
  it('reads the notation of timm', () => {
    expect(readRandAugment('rand-m9-mstd0.5-inc1')).toEqual({
      magnitude: 9,
      operations: 2,
      probability: 0.5,
      deviation: 0.5,
      mostMagnitude: 10,
      increasing: true,
    });
    expect(readRandAugment('rand-n3-p0.7-mmax12')).toMatchObject({
      magnitude: 10,
      operations: 3,
      probability: 0.7,
      deviation: 0,
      mostMagnitude: 12,
      increasing: false,
    });
  });

  it('refuses anything else', () => {
    expect(() => readRandAugment('augmix-m3')).toThrow('a text such as rand-m9-mstd0.5-inc1 was expected');
    expect(() => readRandAugment('rand-x3')).toThrow('rand-x3');
  });
});

describe.each([
  ['rand-augment', () => randAugment({}, NORMALISATION)],
  ['auto-augment', () => autoAugment({}, NORMALISATION)],
  ['auto-augment original', () => autoAugment({ policy: 'original', deviation: 0.5 }, NORMALISATION)],
])('%s', (_, make) => {
  it('depends on the stream alone, not on images before', () => {
    const [first, second] = [make(), make()];
    for (let seed = 0; seed < 30; seed++) first.apply(picture(seed), SHAPE, randomStream(seed));
    for (let seed = 40; seed < 80; seed++) {
      const [a, b] = [picture(seed), picture(seed)];
      first.apply(a, SHAPE, randomStream(seed));
      second.apply(b, SHAPE, randomStream(seed));
      expect(a).toEqual(b);
    }
  });

  it('leaves bytes, and the image as it was where nothing is drawn', () => {
    let same = 0;
    for (let seed = 0; seed < 200; seed++) {
      const after = picture(seed);
      make().apply(after, SHAPE, randomStream(seed));
      expect(after.every((value) => Math.abs(255 * value - Math.round(255 * value)) < 1e-4)).toBe(true);
      expect(after.every((value) => value >= 0 && value <= 1)).toBe(true);
      if (Buffer.compare(Buffer.from(after.buffer), Buffer.from(picture(seed).buffer)) === 0) same++;
    }
    expect(same).toBeGreaterThan(0);
    expect(same).toBeLessThan(120);
  });

  it('works on grey images and changes of shape', () => {
    const grey = { height: 9, width: 31, channels: 1 };
    const augmentation = make();
    for (let seed = 0; seed < 60; seed++) {
      const shape = seed % 2 === 0 ? grey : SHAPE;
      const after = picture(seed, shape);
      augmentation.apply(after, shape, randomStream(seed));
      expect(after.every(Number.isFinite)).toBe(true);
    }
  });
});

test('what comes in from outside has the mean colour of the data', () => {
  const augmentation = randAugment({ probability: 1, operations: 6 }, NORMALISATION);
  const corner = new Set<string>();
  for (let seed = 0; seed < 300; seed++) {
    const image = new Float32Array(24 * 20 * 3).fill(1);
    augmentation.apply(image, SHAPE, randomStream(seed));
    corner.add([...image.subarray(0, 3)].map((value) => Math.round(255 * value)).join());
  }
  expect([...corner]).toContain([51, 128, 204].join());
});

test('operations are drawn evenly and applied with their probability', () => {
  const before = picture(1);
  let changed = 0;
  for (let seed = 0; seed < 600; seed++) {
    const after = before.slice();
    randAugment({ operations: 1, probability: 0.4 }).apply(after, SHAPE, randomStream(seed));
    if (after.some((value, at) => value !== before[at])) changed++;
  }
  // Auto-contrast leaves this image as it is, and so do steps of equalising: a fifteenth each.
  const expected = 0.4 * (14 / 15);
  expect(Math.abs(changed / 600 - expected)).toBeLessThan(4 * Math.sqrt((0.4 * 0.6) / 600));
});

test('the options form makes them, between the shifts and the colours', () => {
  const made = createAugmentations({
    erase: { fill: 'pixel' },
    colourJitter: { hue: 0.1 },
    autoAugment: 'original',
    randAugment: 'rand-m9-mstd0.5-inc1',
    flip: 0.5,
  });
  const names = ['flip', 'rand-augment', 'auto-augment', 'colour-jitter', 'erase'];
  expect(made.map(({ name }) => name)).toEqual(names);
  const objects = createAugmentations({ randAugment: { magnitude: 3 }, autoAugment: { policy: 'v0r' } });
  expect(objects.map(({ name }) => name)).toEqual(names.slice(1, 3));
});

test('refuses what makes no sense', () => {
  expect(() => randAugment({ magnitude: 11 })).toThrow('a magnitude from 0 to 10 was expected, not 11.');
  expect(() => randAugment({ operations: 0 })).toThrow('one or more operations were expected, not 0.');
  expect(() => randAugment({ probability: 2 })).toThrow('randAugment: a probability');
  expect(() => autoAugment({ deviation: -1 })).toThrow('deviation of 0 or more was expected, not -1.');
  expect(() => autoAugment({ policy: 'v1' as 'v0' })).toThrow('a policy out of v0, v0r, original, originalr');
});
