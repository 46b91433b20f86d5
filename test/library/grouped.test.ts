import { grouped } from 'dna-nas/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  [0, '0'],
  [999, '999'],
  [-1234, '-1,234'],
  [1_234_567, '1,234,567'],
  [2.5, '2.5'],
  [12_345.6789, '12,345.679'],
  [1e21, '1,000,000,000,000,000,000,000'],
  [Number.POSITIVE_INFINITY, '∞'],
])('%d is written %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});

test('whole numbers are written as Intl writes them', () => {
  const whole = fc.oneof(fc.integer(), fc.maxSafeInteger());
  fc.assert(
    fc.property(whole, (value) => {
      expect(grouped(value)).toBe(value.toLocaleString('en'));
    }),
  );
});
