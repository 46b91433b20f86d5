import { expect, test } from 'vitest';

interface Row {
  readonly name: string;
  readonly cases: number;
  readonly refused: number;
  readonly accepted: number;
  readonly worstMegabytes: number;
  readonly worstSeconds: number;
}

const { formatRows, missedGoals } = (await import(
  new URL('../../scripts/hostile-table.mjs', import.meta.url).href
)) as {
  formatRows(rows: readonly Row[]): string;
  missedGoals(rows: readonly Row[]): string[];
};

const sound: Row = {
  name: 'zip',
  cases: 100,
  refused: 60,
  accepted: 40,
  worstMegabytes: 90.2,
  worstSeconds: 0.123,
};

test('the hostile suite closes with a row for each kind of file', () => {
  expect(formatRows([sound, { ...sound, name: 'safetensors' }]).split('\n')).toEqual([
    'kind         cases  refused  accepted  worst memory  worst time',
    'zip            100       60        40         91 MB      0.12 s',
    'safetensors    100       60        40         91 MB      0.12 s',
  ]);
  expect(missedGoals([sound])).toEqual([]);
});

test.each<[string, Partial<Row>, string]>([
  ['a crash', { accepted: 39 }, 'zip: 1 crashed'],
  ['memory', { worstMegabytes: 512.5 }, 'zip: 513 MB, expected 512 at most'],
  ['time', { worstSeconds: 20.5 }, 'zip: 20.50 s, expected 20 at most'],
  ['a kind of which nothing was tried', { cases: 0, refused: 0, accepted: 0 }, 'zip: nothing was tried'],
])('%s is a goal missed', (_, part, problem) => {
  expect(missedGoals([sound, { ...sound, ...part }])).toEqual([problem]);
});
