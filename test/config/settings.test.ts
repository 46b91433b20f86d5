import { readSettings } from 'dna-nas/configuration';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const WORDS = ['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n', 'nan', 'inf', 'e5', 'cosine'];
const NUMBERS = [
  '0',
  '-0',
  '007',
  '-1.50',
  '1e3',
  '0x1f',
  '0o17',
  '9007199254740993',
  '1.',
  '.5',
  '2026-11-30',
];

it.each([...WORDS, ...NUMBERS])('--set seed=%s is what YAML makes of it', (text) => {
  expect(readSettings([`seed=${text}`])).toEqual([{ path: 'seed', value: parse(text) }]);
});

it('any number or word that is set is what YAML makes of it', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}$/);
  const number = fc.stringMatching(/^-?\d{1,20}(\.\d{1,20})?$/);
  fc.assert(
    fc.property(fc.oneof(word, number), (text) => {
      expect(readSettings([`a=${text}`])[0]!.value).toBe(parse(text));
    }),
    { numRuns: 2000 },
  );
});
