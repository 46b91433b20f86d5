import { appendBits, pairedInterval, readBits, standingInterval } from 'dna-nas/accuracy';
import type { NetworkDifferences, Task, TaskStore } from 'dna-nas/core/stages';
import { retrainScratch } from 'dna-nas/plugins/retrain-scratch';
import { describe, expect, it } from 'vitest';
import { answer } from '../plugins/plugin-run.js';

describe('the interval of a paired difference', () => {
  // Fagerland, Lydersen and Laake, Statistics in Medicine 33 (2014) and their book's software: airway responsiveness
  // (Bentur 2009), complete response (Cavo 2012). Agresti and Min (2005): approval of a prime minister.
  it.each([
    [1, 7, 21, -0.517, -0.026, 3],
    [6, 16, 161, -0.124, -0.0054, 4],
    [150, 86, 1600, 0.0214, 0.059, 4],
  ])('is the published one for %i against %i of %i', (first, second, images, low, high, digits) => {
    const interval = pairedInterval({ first, second, images });
    expect(interval.map((end) => Number(end.toFixed(digits)))).toEqual([low, high]);
    expect(pairedInterval({ first: second, second: first, images }).map((end) => -end)).toEqual([
      expect.closeTo(interval[1], 12),
      expect.closeTo(interval[0], 12),
    ]);
  });

  it('holds zero exactly where McNemar finds no difference, whatever the images that both got alike', () => {
    for (let first = 0; first <= 30; first++) {
      for (let second = 0; second <= 30; second++) {
        const isFound = (first - second) ** 2 > 1.959_963_985 ** 2 * (first + second);
        for (const images of [60, 10_000]) {
          const [low, high] = pairedInterval({ first, second, images });
          expect(low > 0 || high < 0, `${first}, ${second} of ${images}`).toBe(isFound);
        }
      }
    }
  });

  it('has an end everywhere', () => {
    // Both always alike: what Wilson's interval says of no image in 60.
    const most = 1.959_963_985 ** 2 / (60 + 1.959_963_985 ** 2);
    const alike = pairedInterval({ first: 0, second: 0, images: 60 });
    expect(alike).toEqual([expect.closeTo(-most, 8), expect.closeTo(most, 8)]);
    expect(pairedInterval({ first: 60, second: 0, images: 60 })[1]).toBeCloseTo(1, 10);
    expect(pairedInterval({ first: 0, second: 60, images: 60 })[0]).toBeCloseTo(-1, 10);
    expect(() => pairedInterval({ first: 5, second: 6, images: 10 })).toThrow(/5 and 6 of 10 images/);
  });
});

it('bits of images are the same in one piece and in several, and others in another order', () => {
  const bits = Array.from({ length: 29 }, (_, image) => image % 3 === 0 || image > 25);
  const whole = appendBits('', 0, bits);
  expect(Array.from(Buffer.from(whole, 'base64'))).toEqual([0b0100_1001, 0b1001_0010, 0b0010_0100, 0b1_1101]);
  for (const cut of [1, 7, 8, 21]) {
    const text = appendBits(appendBits('', 0, bits.slice(0, cut)), cut, bits.slice(cut));
    expect(text).toBe(whole);
  }
  expect(Array.from(readBits(whole, 29), Boolean)).toEqual(bits);
  expect(() => readBits(whole, 33)).toThrow(/4 bytes do not hold the bits of 33 images/);
});

/** What the retrain stage makes of results: a `1` for each image that a network got right. */
async function differences(results: Readonly<Record<string, string>>): Promise<NetworkDifferences> {
  const stage = await answer(retrainScratch(), 'resolveRetrain');
  const tasks = Object.keys(results).map((id) => ({ id, input: { name: id } as Task['input'] }) as Task);
  const store = {
    loadResult: (name: string) => {
      const bits = Array.from(results[name]!, (digit) => digit === '1');
      const top1 = bits.filter(Boolean).length / bits.length;
      const json = { name, images: bits.length, top1, right: appendBits('', 0, bits) };
      return { json, tensors: new Map() };
    },
  } as unknown as TaskStore;
  return stage.compare!(tasks, store);
}

const compared = async (results: Readonly<Record<string, string>>) =>
  (await differences(results)).comparisons!;

describe('what is said of a difference', () => {
  it('pairs the networks image by image', async () => {
    // Right on 30 of 40 both times: alike once, and on other images once.
    const found = '1'.repeat(30) + '0'.repeat(10);
    const other = '0'.repeat(10) + '1'.repeat(30);
    const against = async (random: string) => (await compared({ found, random }))[0]!;
    expect(await against(found)).toMatchObject({ difference: 0, discordant: 0, images: 40 });
    expect(await against(other)).toMatchObject({ difference: 0, discordant: 20, images: 40 });
    const widths = [await against(found), await against(other)].map(
      ({ interval }) => interval[1] - interval[0],
    );
    expect(widths[1]!).toBeGreaterThan(2 * widths[0]!);
  });

  it('is found minus the other, for each other one', async () => {
    const random = `${'1'.repeat(8)}${'0'.repeat(13)}`;
    const found = `${'1'.repeat(7)}0${'1'.repeat(7)}${'0'.repeat(6)}`;
    const teacher = '1'.repeat(21);
    // Of 21 images found alone got 7 right, random 1: the published example with its sides changed.
    const interval = [expect.closeTo(0.026, 3), expect.closeTo(0.5172, 3)];
    expect(await compared({ teacher, found, random })).toEqual([
      expect.objectContaining({ network: 'found', against: 'teacher', difference: -7 / 21, discordant: 7 }),
      {
        ...{ network: 'found', against: 'random', difference: 6 / 21 },
        ...{ interval, images: 21, discordant: 8 },
      },
    ]);
  });

  it('is nothing where no network was found', async () => {
    expect(await differences({ 'dna-a': '110' })).toEqual({});
    expect(await differences({ random: '110', teacher: '111' })).toEqual({});
    expect(await differences({ found: '110' })).toEqual({});
  });
});

describe('the found network among several random ones', () => {
  const bits = (right: number, images = 200) => '1'.repeat(right) + '0'.repeat(images - right);

  it('has a percentile, and a difference to their mean whose interval has their spread', async () => {
    const randoms = { random: bits(150), 'random-2': bits(160), 'random-3': bits(164) };
    const { standing, comparisons } = await differences({ teacher: bits(190), found: bits(162), ...randoms });
    // Shares 0.75, 0.8, 0.82: mean 0.79, standard deviation 0.0360555; t(2) = 4.3026527; times √(4/3).
    const half = 4.302_652_73 * 0.036_055_513 * Math.sqrt(4 / 3);
    expect(standing).toEqual({
      network: 'found',
      among: ['random', 'random-2', 'random-3'],
      percentile: expect.closeTo(200 / 3, 10),
      difference: expect.closeTo(0.02, 10),
      interval: [expect.closeTo(0.02 - half, 7), expect.closeTo(0.02 + half, 7)],
      images: 200,
    });
    expect(comparisons!.map(({ against }) => against)).toEqual([
      ...['teacher', 'random', 'random-2', 'random-3'],
    ]);
  });

  it('is as unsure as the images make it where random networks happen to be equal', async () => {
    // Right on the other half of the images: each difference is 1 or −1.
    const half = '1'.repeat(100);
    const other = '0'.repeat(100);
    const randoms = { random: other + half, 'random-2': other + half };
    const { standing } = await differences({ found: half + other, ...randoms });
    const reach = (1.959_963_985 * Math.sqrt(200 / 199)) / Math.sqrt(200);
    expect(standing).toMatchObject({
      ...{ percentile: 50, difference: 0 },
      interval: [expect.closeTo(-reach, 8), expect.closeTo(reach, 8)],
    });
  });

  it('is not told of one random network', async () => {
    expect(await differences({ found: '110', random: '011' })).not.toHaveProperty('standing');
    expect(() => standingInterval(new Uint8Array(3), [new Uint8Array(3)])).toThrow(/two random networks/);
  });
});
