import { randomStream, streamOfKey } from 'dna-nas/core';
import { describe, expect, it } from 'vitest';
// The cipher itself is internal; its published test vectors are the one independent reference there is.
import { philox } from '../../dist/core/random.js';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('the generator', () => {
  // Random123's known answers for philox4x32-10: counter, key, result.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the published answer for %j', (counter, [key0, key1], expected) => {
    const block = Uint32Array.from(counter);
    philox(block, key0, key1);
    expect([...block]).toEqual(expected);
  });
});

describe('a stream', () => {
  it('gives the same numbers for the same seed and names, whatever was drawn before', () => {
    const one = randomStream(7);
    one.uint32();
    const other = randomStream(7);
    expect(draw(20, () => one.fork('a', 2).uint32())).toEqual(draw(20, () => other.fork('a', 2).uint32()));
    expect(one.fork('a').fork(2).uint32()).not.toBe(one.fork('a', 3).uint32());
  });

  it('keeps names apart that read alike when joined', () => {
    const stream = randomStream(1);
    const first = [['a', 'bc'], ['ab', 'c'], ['abc'], [1], ['1'], [1, 1], [11]].map((names) =>
      stream.fork(...(names as (string | number)[])).uint32(),
    );
    expect(new Set(first).size).toBe(first.length);
  });

  it('draws uniform numbers from 0 to below 1, of the right mean and variance', () => {
    const stream = randomStream('uniform');
    const values = draw(100_000, () => stream.uniform());
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean).toBeCloseTo(0.5, 2);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('makes a uniform number of 27 bits of one word and 26 of the next', () => {
    const [stream, words] = [randomStream('bits'), randomStream('bits')];
    const expected = draw(1000, () => {
      const [high, low] = [BigInt(words.uint32()) >> 5n, BigInt(words.uint32()) >> 6n];
      return Number((high << 26n) | low) / 2 ** 53;
    });
    expect(draw(1000, () => stream.uniform())).toEqual(expected);
  });

  it('draws standard normal numbers', () => {
    const stream = randomStream('normal');
    const values = draw(100_000, () => stream.normal());
    const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    expect(moment(1)).toBeCloseTo(0, 1);
    expect(moment(2)).toBeCloseTo(1, 1);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.15);
  });

  it('draws whole numbers evenly and refuses a range that is none', () => {
    const stream = randomStream('integers');
    const counts = new Array(7).fill(0);
    for (let index = 0; index < 70_000; index++) counts[stream.integer(7)]++;
    // Chi-square with 6 degrees of freedom: 22.5 is passed once in a thousand.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.5);
    for (const below of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
      expect(() => stream.integer(below)).toThrow(/whole number from 1 to 2\^32/);
    }
  });

  // Of these ranges the words beyond the last whole multiple are one in 641, a half and a quarter of all.
  it.each([6_700_417, 2 ** 31 + 1, 3 * 2 ** 30, 2 ** 32, 1])(
    'draws whole numbers below %d by the rest of a word, and skips words that would favour some',
    (below) => {
      const [stream, words] = [randomStream('rest'), randomStream('rest')];
      const whole = Math.floor(2 ** 32 / below) * below;
      const expected = draw(3000, () => {
        let word = words.uint32();
        while (word >= whole) word = words.uint32();
        return word % below;
      });
      expect(draw(3000, () => stream.integer(below))).toEqual(expected);
    },
  );

  it('is opened again by its key, which is 64 hexadecimal digits', () => {
    const stream = randomStream(3).fork('a', 2);
    const first = draw(8, () => stream.uint32());
    const again = streamOfKey(stream.key());
    expect(draw(8, () => again.uint32())).toEqual(first);
    expect(streamOfKey(stream.key()).fork('b').key()).toBe(stream.fork('b').key());
    for (const key of ['', stream.key().slice(1), `${stream.key()}0`, stream.key().replace(/^./, 'g')])
      expect(() => streamOfKey(key)).toThrow(/is no key of a stream/);
  });

  it('permutes by swaps from the last place down, a draw each', () => {
    const [stream, twin] = [randomStream('swaps'), randomStream('swaps')];
    const order = [0, 1, 2, 3, 4, 5, 6];
    for (let last = 6; last > 0; last--) {
      const other = twin.integer(last + 1);
      [order[last], order[other]] = [order[other]!, order[last]!];
    }
    expect([...stream.permutation(7)]).toEqual(order);
    expect(stream.uint32()).toBe(twin.uint32());
  });

  it('permutes: every index once, every first index about as often', () => {
    const stream = randomStream('permutations');
    const first = new Array(5).fill(0);
    for (let index = 0; index < 10_000; index++) {
      const order = stream.permutation(5);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      first[order[0]!]++;
    }
    for (const count of first) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });
});
