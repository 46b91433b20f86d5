import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderOf, ranksOf } from '../../dist/plugins/search-exact/order.js';

/** Few values, so that many are equal, with both zeros and the ends of what a number can be. */
const SOME = [0, -0, 1, -1, 0.1, -0.1, 1e-320, -1e300, 1e300, Number.POSITIVE_INFINITY];
const numbers = fc.array(fc.oneof(fc.constantFrom(...SOME), fc.double({ noNaN: true })), {
  minLength: 1,
  maxLength: 600,
  size: 'max',
});
const strides = fc.record({ from: fc.nat(3), step: fc.integer({ min: 1, max: 3 }) });

/** The numbers as they lie among others. */
function among(all: readonly number[], { from, step }: { from: number; step: number }) {
  const values = new Float64Array(from + all.length * step).fill(Number.NaN);
  for (const [place, number] of all.entries()) values[from + place * step] = number;
  return { values, from, step, count: all.length };
}

test('numbers are in their order, equal ones as they lie, few or many', () => {
  fc.assert(
    fc.property(numbers, strides, (all, stride) => {
      const expected = [...all.keys()].sort((one, other) => all[one]! - all[other]! || one - other);
      // Infinity less infinity is no number, which counts as equal.
      expect([...orderOf(among(all, stride))]).toEqual(expected);
    }),
  );
});

test('ranks count the different numbers that are less', () => {
  fc.assert(
    fc.property(numbers, strides, (all, stride) => {
      const rising = [...new Set(all.map((number) => number + 0))].sort((one, other) => one - other);
      const { ranks, highest } = ranksOf(among(all, stride));
      expect(highest).toBe(rising.length);
      for (const [place, number] of all.entries()) expect(rising[ranks[place]! - 1]).toBe(number + 0);
    }),
  );
});
