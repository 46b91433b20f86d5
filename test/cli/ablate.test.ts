import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import {
  type Ablation,
  type AblationRow,
  ablate,
  markdownTables,
  readAxes,
  readGridFile,
} from 'dna-nas/ablation';
import { estimate, studentT95 } from 'dna-nas/accuracy';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { tell } from '../mistakes/command-line.js';
import { shortProject } from './short-project.js';

describe('intervals', () => {
  it.each([
    // scipy.stats.t.ppf(0.975, degrees)
    [1, 12.706204736432095],
    [2, 4.302652729911275],
    [3, 3.182446305284263],
    [9, 2.2621571627409915],
    [30, 2.0422724563012373],
    [100, 1.9839715184496334],
  ])('of %i degrees of freedom are as wide as scipy says', (degrees, expected) => {
    expect(studentT95(degrees)).toBeCloseTo(expected, 9);
  });

  it('are those of the mean', () => {
    const { mean, half } = estimate([1, 2, 6]);
    expect(mean).toBe(3);
    // numpy: std(ddof=1) / sqrt(3) · t
    expect(half).toBeCloseTo(4.302652729911275 * 1.5275252316519465, 9);
    expect(estimate([5])).toEqual({ mean: 5, half: null, values: [5] });
  });
});

const json = (...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8'));

/** Standard output of a command line in this process. */
async function printed(project: string, words: readonly string[]): Promise<string> {
  const write = process.stdout.write;
  let text = '';
  process.stdout.write = ((chunk: string) => {
    text += chunk;
    return true;
  }) as typeof write;
  try {
    expect(await tell(project, words)).toMatchObject({ code: 0 });
  } finally {
    process.stdout.write = write;
  }
  return text;
}

describe('dna ablate', () => {
  const GRID = 'distill=blockwise,progressive-s2';
  let project: string;
  let ablation: Ablation;
  const told: string[] = [];
  const folder = () => join(project, 'runs/ablation-tiny');

  beforeAll(async () => {
    project = await shortProject();
    ablation = await ablate(
      { base: { project }, axes: readAxes([GRID]), seeds: [3, 4] },
      { inline: true, finished: (_, { done, all, text }) => told.push(`${done}/${all} ${text}`) },
    );
  });

  it('runs every combination with one seed before the next', () => {
    expect(told).toEqual([
      ...['1/4 distill=blockwise, seed 3', '2/4 distill=progressive-s2, seed 3'],
      ...['3/4 distill=blockwise, seed 4', '4/4 distill=progressive-s2, seed 4'],
    ]);
  });

  it('writes the page of all runs side by side', () => {
    const page = readFileSync(join(folder(), 'page.html'), 'utf8');
    for (const run of ['blockwise_seed3', 'progressive-s2_seed3', 'blockwise_seed4', 'progressive-s2_seed4'])
      expect(page).toContain(run);
  });

  it('trains cells once where only the rating differs, and finds what a run alone would', async () => {
    const shared: unknown[] = [];
    const events: string[] = [];
    const axes = readAxes(['rank.rating=relative-l1,mse-variance']);
    const base = { project: await shortProject() };
    const grid = await ablate(
      { base, axes, seeds: [3], name: 'shared' },
      {
        inline: true,
        began: (_, tasks) => shared.push(tasks && { from: tasks.from, taken: tasks.taken.length }),
        event: ({ event, data }, { number }) => {
          if (event === 'stageStarted' && data.work > 0) events.push(`${number} ${data.stage}`);
        },
      },
    );
    expect(shared).toEqual([undefined, { from: 'relative-l1_seed3', taken: 4 }]);
    expect(events).toEqual(['1 distill', '1 rank', '1 retrain', '2 rank', '2 retrain']);
    const alone = await ablate(
      { base, axes: readAxes(['rank.rating=mse-variance']), seeds: [3], name: 'alone' },
      { inline: true },
    );
    const { seconds: _, ...found } = grid.points[1]!;
    expect(alone.points[0]).toMatchObject({ ...found, seconds: expect.any(Number) });
  });

  it('changes what the grid says and nothing else', () => {
    const values = (run: string) => json(folder(), run, 'config.json').values;
    const { distill, ...rest } = values('progressive-s2_seed3');
    const { distill: before, ...same } = values('blockwise_seed3');
    expect(rest).toEqual(same);
    const { use, earlierPaths, ...kept } = distill;
    expect({ use, earlierPaths }).toEqual({ use: 'progressive-s2', earlierPaths: 3 });
    const { use: _, schedule: __, ...options } = before;
    expect(kept).toEqual(options);
    expect(kept.epochs).toBe(0.5);
  });

  it('has the means, intervals and paired differences of the runs', () => {
    const accuracy = (run: string) => json(folder(), run, 'summary.json').networks.at(-1).top1 as number;
    const values = (use: string) => [3, 4].map((seed) => accuracy(`${use}_seed${seed}`));
    const [ours, other] = [values('blockwise'), values('progressive-s2')];
    expect(ablation.rows.map(({ levels }) => levels)).toEqual([
      { distill: 'blockwise' },
      { distill: 'progressive-s2' },
    ]);
    expect(ablation.rows.map(({ measures }) => measures.top1)).toEqual([estimate(ours), estimate(other)]);
    expect(ablation.rows.map(({ difference }) => difference)).toEqual([
      null,
      estimate(other.map((value, index) => value - ours[index]!)),
    ]);
    expect(ablation.rows.map(({ measures }) => measures.randomTop1)).toEqual([null, null]);
    expect(ablation.effects).toEqual([
      {
        ...{ axis: 'distill', level: 'progressive-s2', against: 'blockwise' },
        difference: estimate(other.map((value, index) => value - ours[index]!)),
      },
    ]);
  });

  it('writes its table as Markdown, CSV and JSON', () => {
    const markdown = readFileSync(join(folder(), 'table.md'), 'utf8');
    expect(markdown.split('\n').slice(0, 2)).toEqual([
      '| distill | seeds | rating | top-1, % | against the first row, points | random network, % | parameters | multiply-adds | seconds |',
      '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ]);
    const lines = readFileSync(join(folder(), 'table.csv'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^progressive-s2,3 4,/);
    const { folder: _, ...stored } = ablation;
    expect(json(folder(), 'table.json')).toEqual(stored);
  });

  it('repeats no run that is complete, and prints what its schema says', async () => {
    const result = join(folder(), 'blockwise_seed3/results/train-b1-c1.safetensors');
    const before = statSync(result).mtimeMs;
    const words = ['ablate', '--grid', GRID, '--seeds', '3,4', '--set', 'workers=1'];
    const again = JSON.parse(await printed(project, [...words, '--json']));
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS.ablate!);
    validate(again);
    expect(validate.errors ?? []).toEqual([]);
    expect(again).toEqual(ablation);
    expect(statSync(result).mtimeMs).toBe(before);
  });
});

describe('the table of differences', () => {
  const row = (level: string, seeds: number[], difference: readonly number[] | null): AblationRow => {
    const measures = { rating: null, top1: null, randomTop1: null, params: null, macs: null, seconds: null };
    return { levels: { size: level }, seeds, measures, difference: difference && estimate(difference) };
  };
  const tables = (rows: readonly AblationRow[], pairs: readonly number[] = []) => {
    const effect = { axis: 'size', level: 'large', against: 'small' };
    const effects = pairs.length > 0 ? [{ ...effect, difference: estimate(pairs) }] : [];
    return markdownTables({ axes: ['size'], rows, effects });
  };

  it('gives the interval, and calls a difference none where it holds zero', () => {
    // Mean 0.01, standard deviation 0.01, t(2) = 4.302653: half width 0.0248414.
    const seeds = [1, 2, 3];
    const rows = [row('small', seeds, null), row('large', seeds, [0, 0.01, 0.02])];
    const text = tables(rows, [0.04, 0.05, 0.06]);
    expect(text).toContain('| large | 3 | – | – | none shown (+1.00, −1.48 to 3.48) | – |');
    expect(text).toContain('| size | large | small | 3 | +5.00 (2.52 to 7.48) |');
    expect(tables([row('small', seeds, null), row('large', seeds, [-0.04, -0.05, -0.06])])).toContain(
      '| −5.00 (−7.48 to −2.52) |',
    );
    expect(text).toMatch(
      /over the seeds, of an axis over its pairs of runs; one that holds zero shows no difference/,
    );
    expect(text).not.toContain('is not known');
  });

  it('says of one seed that nothing is known of the spread', () => {
    const text = tables([row('small', [1], null), row('large', [1], [0.05])], [0.05]);
    expect(text).toContain('| large | 1 | – | – | +5.00, spread unknown | – |');
    expect(text).toContain('| size | large | small | 1 | +5.00, spread unknown |');
    expect(text).toContain('Each row is one run: how far another seed would move it is not known.');
  });
});

describe('a grid that cannot be run', () => {
  it.each([
    [[], /error ABLATION_GRID: The grid has no axis/],
    [['--grid', 'distill'], /ABLATION_GRID: The axis "distill" names no option/],
    [
      ['--grid', 'distill.epochs=1,[2'],
      /ABLATION_GRID: The axis distill\.epochs has values that cannot be read/,
    ],
    [
      ['--grid', 'distill.epochs=1,,2'],
      /ABLATION_GRID: The axis distill\.epochs has values that cannot be read/,
    ],
    [['--grid', 'distill.epochs=1,1'], /ABLATION_GRID: The axis distill\.epochs has the level 1 twice/],
    [['--grid', 'seed=1', '--grid', 'seed=2'], /ABLATION_GRID: The axis seed stands in the grid twice/],
    [['--grid', 'distill.epochs=1', '--seeds', '1,x'], /ABLATION_GRID: The seeds are 1, NaN/],
    [
      ['--grid', 'distill.epochs=1', '--seeds', '2,2'],
      /ABLATION_GRID: The seeds 2, 2 name one of them twice/,
    ],
    [['--grid', 'distill.epochs=1', '--name', 'a/b'], /ABLATION_GRID: The name "a\/b"/],
    [['--grid-file', 'none.yaml'], /ABLATION_GRID: The grid none\.yaml cannot be read/],
    [['--grid-file', 'bad.yaml'], /ABLATION_GRID: The level large of the axis size is no map of settings/],
    [
      ['--grid', 'distil=blockwise,progressive-s1'],
      /ABLATION_POINT: The point distil=blockwise, seed 1 .*distil .*nearest +distill/s,
    ],
    [
      ['--grid', 'distill=blockwise,progresive-s1'],
      /ABLATION_POINT: The point distill=progresive-s1, seed 1 .*nearest +progressive-s1/s,
    ],
  ])('%j is told by name, before anything runs', async (words, expected) => {
    const project = await shortProject();
    writeFileSync(join(project, 'bad.yaml'), 'size:\n  small: {}\n  large: 3\n');
    const { code, text } = await tell(project, ['ablate', ...words]);
    expect(text).toMatch(expected);
    expect(code).toBe(2);
    expect(existsSync(join(project, 'runs'))).toBe(false);
  });

  it('takes levels from a file, with names of their own', async () => {
    const project = await shortProject();
    writeFileSync(join(project, 'grid.yaml'), 'size:\n  "small one": {}\n  large: { distill.epochs: 1e9 }\n');
    const [axis] = readGridFile(join(project, 'grid.yaml'));
    expect(axis).toEqual({
      name: 'size',
      levels: [
        { name: 'small one', settings: {} },
        { name: 'large', settings: { 'distill.epochs': 1e9 } },
      ],
    });
  });
});
