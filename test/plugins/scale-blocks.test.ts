import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchSpace } from 'dna-nas/core/contracts';
import type { CellRatings, RatingScale } from 'dna-nas/core/stages';
import { type ScaleBlocksOptions, scaleBlocks } from 'dna-nas/plugins/scale-blocks';
import { spaceNasBenchMacro } from 'dna-nas/plugins/space-nas-bench-macro';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answer } from './plugin-run.js';

const project = mkdtempSync(join(tmpdir(), 'dna-scale-'));
afterAll(() => rmSync(project, { recursive: true }));

let space: SearchSpace;
beforeAll(async () => {
  space = await answer(spaceNasBenchMacro(), 'resolveSpace');
});

const scale = (options: Partial<ScaleBlocksOptions>): Promise<RatingScale> =>
  answer(scaleBlocks(options), 'resolveScale', { project });

/** Of the space's three blocks; candidate i of block b is rated 2 to the power of i / 4 + b. */
const RATINGS: CellRatings[] = [2, 3, 3].map((layers, block) => ({
  block,
  cell: 0,
  choices: Array(layers).fill(3),
  values: Float64Array.from({ length: 3 ** layers }, (_, i) => 2 ** (i / 4 + block)),
}));

const valuesOf = async (options: Partial<ScaleBlocksOptions>, ratings = RATINGS) =>
  (await scale(options)).apply(ratings, space).map(({ values }) => [...values]);

describe('what is added up', () => {
  test('is the rating itself if nothing is said', async () => {
    expect(await valuesOf({})).toEqual(RATINGS.map(({ values }) => [...values]));
  });

  test('log: the natural logarithm', async () => {
    const [first, , last] = await valuesOf({ values: 'log' });
    expect(first![4]).toBeCloseTo(Math.LN2, 12);
    expect(last![26]! - last![22]!).toBeCloseTo(Math.LN2, 12);
  });

  test('log-excess: how much worse than the block’s best, over the mean of that in all blocks', async () => {
    const out = Number.POSITIVE_INFINITY;
    const cell = (block: number, values: number[]) => ({
      ...{ block, cell: 0, choices: [values.length] },
      values: Float64Array.from(values),
    });
    // Means above the best: 3 of the first block, whose equal ratings count once, and 1 of the second.
    const cells = [cell(0, [2, 8, 8, out, 5]), cell(1, [4, 6]), cell(2, [out])];
    expect(await valuesOf({ values: 'log-excess' }, cells)).toEqual([
      [0, Math.log(4), Math.log(4), out, Math.log(2.5)],
      [0, Math.log(2)],
      [out],
    ]);
    const equal = await valuesOf({ values: 'log-excess' }, [cell(0, [3, 3]), cell(1, [out])]);
    expect(equal).toEqual([[0, 0], [out]]);
  });

  test('ranks: from 0 to 1 within the block, over all its cells, equal ratings alike', async () => {
    const cell = (number: number, values: number[]) => ({
      ...{ block: 0, cell: number, choices: [values.length] },
      values: Float64Array.from(values),
    });
    const cells = [cell(0, [7, 1, Number.POSITIVE_INFINITY]), cell(1, [3, 3, 9])];
    const [one, other] = await valuesOf({ values: 'ranks' }, cells);
    expect(one).toEqual([0.75, 0, Number.POSITIVE_INFINITY]);
    expect(other).toEqual([0.375, 0.375, 1]);
  });

  test('times the weight of the block; what is left out stays out', async () => {
    const left = RATINGS.map((cell) => ({ ...cell, values: cell.values.slice() }));
    left[1]!.values[3] = Number.POSITIVE_INFINITY;
    const [first, second, third] = await valuesOf({ weights: [2, 0, 0.5] }, left);
    expect(first![4]).toBe(4);
    expect(second!.filter(Number.isFinite)).toEqual(Array(26).fill(0));
    expect(second![3]).toBe(Number.POSITIVE_INFINITY);
    expect(third![0]).toBe(2);
  });
});

describe('ratings fitted to trained networks', () => {
  const texts = Array.from({ length: 60 }, (_, i) => ((i * 109) % 6561).toString(3).padStart(8, '0'));
  const ratingOf = (text: string, block: number) => {
    const { path } = space.canonical!(space.parseArchitecture(text))[block]!;
    return RATINGS[block]!.values[path.reduce((number, digit) => 3 * number + digit, 0)]!;
  };

  /** Networks whose accuracy depends on the second block alone. */
  function writeTruth(name: string, taken: (text: string) => boolean = () => true): string {
    const rows = texts.filter(taken).map((text) => `${text},${(0.9 - 0.002 * ratingOf(text, 1)).toFixed(6)}`);
    writeFileSync(join(project, name), `architecture,accuracy\n${rows.join('\n')}\n`);
    return name;
  }

  const spreadOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

  test('tell the block that matters', async () => {
    const [first, second, third] = (await valuesOf({ truth: writeTruth('truth.csv') })).map(spreadOf);
    expect(second).toBeGreaterThan(4 * Math.max(first!, third!));
  });

  test('the best of each block is 0, equal candidates are equal, what is left out stays out', async () => {
    const left = RATINGS.map((cell) => ({ ...cell, values: cell.values.slice() }));
    left[2]!.values[26] = Number.POSITIVE_INFINITY;
    const truth = writeTruth('best.csv', (text) => !text.endsWith('222'));
    const blocks = await valuesOf({ truth }, left);
    for (const block of blocks) expect(Math.min(...block)).toBe(0);
    expect(blocks[2]![26]).toBe(Number.POSITIVE_INFINITY);
    // 101 and 110 are one network, an identity being nothing, though a supernet rates each.
    const equal = RATINGS.map((cell) => ({ ...cell, values: cell.values.slice() }));
    equal[1]!.values[10] = equal[1]!.values[12]!;
    const [, middle] = await valuesOf({ truth }, equal);
    expect(middle![10]).toBe(middle![12]);
  });

  test('tell an operation that all ratings overlook', async () => {
    const fives = (text: string) => text.split('2').length - 1;
    const rows = texts.map((text) => `${text},${0.5 + 0.01 * fives(text)}`);
    writeFileSync(join(project, 'fives.csv'), `architecture,accuracy\n${rows.join('\n')}\n`);
    const equal = RATINGS.map((cell) => ({
      ...cell,
      values: cell.values.map((_, number) => 1 + 0.01 * (number % 3)),
    }));
    const [first] = await valuesOf({ truth: 'fives.csv' }, equal);
    // 22 before 12 before 11.
    expect(first![8]).toBeLessThan(first![5]!);
    expect(first![5]).toBeLessThan(first![4]!);
  });

  test('are of networks that it tells, in their canonical form', async () => {
    const known = (await scale({ truth: writeTruth('known.csv') })).known!(space);
    expect(known.map((architecture) => space.formatArchitecture(architecture))).toEqual(
      texts.map((text) => space.formatArchitecture(space.canonical!(space.parseArchitecture(text)))),
    );
    expect((await scale({})).known!(space)).toEqual([]);
  });

  test('and what cannot be fitted is told before anything is trained', async () => {
    const check = async (options: Partial<ScaleBlocksOptions>) => (await scale(options)).check!(space);
    await expect(check({ truth: 'none.csv' })).rejects.toMatchObject({ code: 'TABLE_UNREADABLE' });
    await expect(check({ truth: 'truth.csv', weights: [1, 1, 1] })).rejects.toThrow(/weights and a truth/);
    await expect(check({ truth: 'truth.csv', values: 'log' })).rejects.toThrow(/values and a truth/);
    await expect(check({ weights: [1, 2] })).rejects.toThrow(/weights has 2 numbers; the space has 3 blocks/);
    await expect(check({ weights: [0, 0, 0] })).rejects.toThrow(/are all 0/);
    const same = texts.map((text) => `${text},0.5`);
    writeFileSync(join(project, 'same.csv'), `architecture,accuracy\n${same.join('\n')}\n`);
    await expect(valuesOf({ truth: 'same.csv' })).rejects.toThrow(
      /The 60 networks of .*same.csv tell nothing/,
    );
    const left = RATINGS.map((cell) => ({
      ...cell,
      values: cell.values.slice().fill(Number.POSITIVE_INFINITY, 0, 1),
    }));
    const unrated = writeTruth('unrated.csv');
    await expect(valuesOf({ truth: unrated }, left)).rejects.toThrow(/has not rated all blocks of 00000000/);
  });

  test('a rating of 0 has no logarithm', async () => {
    const zero = RATINGS.map((cell) => ({ ...cell, values: cell.values.map((value) => value - 1) }));
    await expect(valuesOf({ values: 'log' }, zero)).rejects.toThrow(
      /Block 1 has a candidate that is rated 0/,
    );
  });
});
