import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { run, type UserConfig } from 'dna-nas/configuration';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { searchRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { tell } from '../mistakes/command-line.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';
import { everyNetwork, hashes, type Network } from './every-network.js';
import { output } from './output.js';

const EQUAL = new URL('../audit/equal-space-plugin.mjs', import.meta.url).pathname;
const MILLISECONDS = new URL('milliseconds.mjs', import.meta.url).pathname;
const BARE = new URL('bare-search.mjs', import.meta.url).pathname;
const CONFIG = {
  ...TINY,
  retrain: { ...(TINY.retrain as object), epochs: 0.5, networks: ['found'] },
  plugins: ['./equal-space.mjs'],
} as UserConfig;

let project: string;
let space: SearchSpace;
/** All networks of the space, best first. */
let networks: Network[];
const folder = () => join(project, 'runs/tiny');

const isWithin = ({ costs }: Pick<Network, 'costs'>, limits: Readonly<Record<string, number>>) =>
  Object.entries(limits).every(([name, limit]) => costs[name]! <= limit);

/** Networks within limits, those that are equal once. */
function within(limits: Readonly<Record<string, number>>): Network[] {
  const kept = networks.filter((one) => isWithin(one, limits));
  return kept.filter(
    ({ canonical }, index) => kept.findIndex((one) => one.canonical === canonical) === index,
  );
}

/** Equal networks have one rating, and any of them may be told. The space of this test has equals of other costs. */
const once = ({ text, rating }: Pick<Network, 'text' | 'rating'>) => ({
  rating,
  canonical: space.formatArchitecture(space.canonical!(space.parseArchitecture(text))),
});

const plain = ({ text, rating, costs }: Omit<Network, 'canonical'>) => ({ text, rating, costs });

beforeAll(async () => {
  project = await tinyProject();
  copyFileSync(EQUAL, join(project, 'equal-space.mjs'));
  await run(tinyRequest(project, { config: CONFIG, set: ['workers=1'] }), { until: 'rank', inline: true });
  const stored = await openStoredRun({ folder: folder(), project });
  space = await stored.run.resolve('resolveSpace', 'space');
  networks = everyNetwork(stored.folder, space);
  // Neither images nor teacher are needed from here on.
  rmSync(join(project, 'teacher.safetensors'));
});

describe('a search of a finished run', () => {
  it('lists the best networks within other limits, equal ones once', async () => {
    const { macs, params } = networks[20]!.costs as { macs: number; params: number };
    for (const limits of [{ macs, params }, { macs }, { params }, {}] as Record<string, number>[]) {
      const expected = within(limits);
      for (const top of [1, 5, 100]) {
        const found = await searchRun({ folder: folder(), project, limits, ownLimits: false, top });
        expect(found.limits).toEqual(limits);
        expect(found.top.map(once)).toEqual(expected.slice(0, top).map(once));
        expect(networks.map(plain)).toEqual(expect.arrayContaining(found.top.map(plain)));
        expect(found.top.every((one) => isWithin(one, limits))).toBe(true);
        expect(plain(found.best)).toEqual(plain(found.top[0]!));
        expect(found.proof).toMatchObject({ bound: expected[0]!.rating, gap: 0 });
      }
    }
    // Some of the 36 are equal.
    expect(within({})).toHaveLength(30);
  });

  it('keeps the limits of the run that are not replaced, or lifts them', async () => {
    const limitsOf = async (query: object) =>
      (await searchRun({ folder: folder(), project, ...query })).limits;
    expect(await limitsOf({})).toEqual({ params: 6000 });
    expect(await limitsOf({ limits: { macs: 9e5 } })).toEqual({ macs: 9e5, params: 6000 });
    expect(await limitsOf({ limits: { params: 7000 } })).toEqual({ params: 7000 });
    expect(await limitsOf({ ownLimits: false })).toEqual({});
  });

  it.each([
    [['rating', 'macs']],
    [['params', 'rating']],
    [['macs', 'params', 'rating']],
    [['params', 'macs']],
  ])('lists the front of %j: nothing within the limits equals or beats one of it', async (front) => {
    const limits = { params: networks[3]!.costs.params! };
    const valuesOf = ({ rating, costs }: Omit<Network, 'canonical' | 'text'>) =>
      front.map((name) => (name === 'rating' ? rating : costs[name]!));
    const all = within(limits).map(valuesOf);
    const beats = (one: number[], other: number[]) =>
      one.every((value, index) => value <= other[index]!) && String(one) !== String(other);
    const unbeaten = all.filter((values) => !all.some((other) => beats(other, values)));
    const found = (await searchRun({ folder: folder(), project, limits, front })).front!.map(valuesOf);
    const rising = [...new Set(unbeaten.map(String))].sort(
      (one, other) => Number(one.split(',')[0]) - Number(other.split(',')[0]),
    );
    expect(found.map(String)).toEqual(rising);
  });
});

describe('a cost that a plugin adds', () => {
  /** 0.5 and, for each layer, 4 or 1.5. */
  const milliseconds = ({ text }: Network) =>
    [...text.matchAll(/ir_r(\d)_k(\d)/g)].reduce(
      (sum, [, repeats, kernel]) => sum + Number(repeats) * (kernel === '3' ? 4 : 1.5),
      0.5,
    );

  it('can be limited after the run, which knows nothing of it, and is told with the others', async () => {
    copyFileSync(MILLISECONDS, join(project, 'milliseconds.mjs'));
    const request = { folder: folder(), project, ownLimits: false, plugins: ['./milliseconds.mjs'] };
    const expected = within({}).filter((one) => milliseconds(one) <= 6);
    expect(expected.length).toBeGreaterThan(1);
    const found = await searchRun({ ...request, limits: { milliseconds: 6 }, top: 100 });
    expect(found.costNames).toEqual(['macs', 'params', 'milliseconds']);
    expect(found.top.map(once)).toEqual(expected.map(once));
    for (const one of found.top) expect(one.costs.milliseconds).toBe(milliseconds(one as unknown as Network));
    const { front } = await searchRun({ ...request, front: ['milliseconds', 'macs'] });
    const [first] = front!;
    expect(first!.costs.milliseconds).toBe(Math.min(...networks.map(milliseconds)));
  });

  it('is a number for every operation, or the one without is named', async () => {
    const text = readFileSync(MILLISECONDS, 'utf8').replace(', k5e2: 1.5', '');
    writeFileSync(join(project, 'half.mjs'), text);
    const { code, text: told } = await tell(project, ['search', 'runs/tiny', '--plugin', './half.mjs']);
    expect(told).toMatch(
      /COST_INVALID: The cost milliseconds of block 1, cell 1, operations k5e2 is NaN; a finite/,
    );
    expect(code).toBe(2);
  });

  it('comes by a plugin that changes nothing of the cells, whose ratings go by their numbers', async () => {
    const text = `export default {
      name: 'turned',
      apply: ({ hooks }) => hooks.space.tap('turned', (space) => {
        const blocks = space.blocks.map((block) => ({ ...block, cells: block.cells.toReversed() }));
        return new Proxy(space, { get: (of, name) => (name === 'blocks' ? blocks : of[name]) });
      }),
    };`;
    writeFileSync(join(project, 'turned.mjs'), text);
    const { code, text: told } = await tell(project, ['search', 'runs/tiny', '--plugin', './turned.mjs']);
    expect(told).toMatch(
      /SPACE_DIFFERS: The space has other cells or operations than those that .*runs\/tiny/,
    );
    expect(code).toBe(2);
  });

  it('leaves all else to the space, and a run can be limited by it from its first second on', async () => {
    const config = {
      ...CONFIG,
      plugins: ['./equal-space.mjs', './milliseconds.mjs'],
      search: 'exact',
    } as UserConfig;
    const other = await tinyProject();
    for (const file of [EQUAL, MILLISECONDS])
      copyFileSync(file, join(other, basename(file).replace('-plugin', '')));
    const request = (limit: number) =>
      tinyRequest(other, { config, set: ['workers=1', `search.limits.milliseconds=${limit}`] });
    await expect(run(request(3), { until: 'supernet', inline: true })).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      message: expect.stringContaining('milliseconds ≤ 3 (smallest reachable: 3.5)'),
    });
    await run(request(6), { until: 'search', inline: true });
    const { best } = JSON.parse(readFileSync(join(other, 'runs/tiny/search.json'), 'utf8'));
    expect(best.costs.milliseconds).toBeLessThanOrEqual(6);
  });
});

const SEARCH = ['search', 'runs/tiny'];

describe('dna search', () => {
  it('prints the best, its proof and a table, and changes no file of the run', async () => {
    const before = hashes(folder());
    const text = await output(project, [
      ...SEARCH,
      '--max',
      'macs=0.06M',
      '--max',
      'params=5k',
      '--top',
      '3',
    ]);
    expect(text).toMatchSnapshot();
    expect(await output(project, [...SEARCH, '--no-limits', '--front', 'macs,rating'])).toMatchSnapshot();
    expect(hashes(folder())).toEqual(before);
    expect(readdirSync(join(project, 'runs'))).toEqual(['tiny']);
  });

  it('prints what its schema says, and writes what it lists as a CSV', async () => {
    const words = [...SEARCH, '--front', 'macs,rating', '--json', '--csv', 'front.csv'];
    const printed = JSON.parse(await output(project, words));
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS.search!);
    validate(printed);
    expect(validate.errors ?? []).toEqual([]);
    const [head, ...lines] = readFileSync(join(project, 'front.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('rank,architecture,rating,macs,params,depth');
    expect(lines).toEqual(
      printed.front.map((one: Network & { depth: number }, index: number) =>
        [index + 1, one.text, one.rating, one.costs.macs, one.costs.params, one.depth].join(','),
      ),
    );
  });

  it('prints the command that trains the best as the run would', async () => {
    const words = [...SEARCH, '--max', 'params=5k', '--set', 'workers=1', '--json'];
    const { retrain, best } = JSON.parse(await output(project, words));
    const shell = [...retrain.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, word]) => quoted ?? word);
    expect(shell.slice(0, 3)).toEqual(['dna', 'retrain', 'runs/tiny']);
    expect(await tell(project, shell.slice(1))).toMatchObject({ code: 0 });
    const trained = join(project, 'runs/tiny-params-5000');
    const { architecture, networks: results } = JSON.parse(
      readFileSync(join(trained, 'outcome.json'), 'utf8'),
    );
    expect(architecture).toBe(best.text);
    expect(results[0]).toMatchObject(best.costs);
    const values = (path: string) => JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')).values;
    expect(values(trained).retrain).toEqual(values(folder()).retrain);
  });
});

describe('a search that cannot be made', () => {
  it.each([
    [['--max', 'mcas=1M'], /UNKNOWN_COST: mcas: .* its costs are macs, params\.\n→ Did you mean macs\?/],
    [['--front', 'rating,size'], /UNKNOWN_COST: front: size: .* its costs are rating, macs, params\./],
    [['--front', 'rating'], /USAGE: --front is "rating"; two or more of rating and the costs/],
    [
      ['--max', 'macs'],
      /USAGE: --max "macs": a cost and a decimal number above 0 .*\n→ Say, --max macs=1\.5M/,
    ],
    [['--max', 'macs=1m'], /USAGE: --max "macs=1m"/],
    [['--max', 'macs=0'], /USAGE: --max "macs=0"/],
    [['--max', 'macs=1M', '--max', 'macs=2M'], /USAGE: --max limits macs twice/],
    [['--top', '0'], /USAGE: --top is "0"; a whole number from 1/],
  ])('%j is told by name', async (words, expected) => {
    const { code, text } = await tell(project, [...SEARCH, ...words]);
    expect(text).toMatch(expected);
    expect(code).toBe(2);
  });

  it('tells how low each limited cost can go, alone and under the other limits', async () => {
    const least = (name: string, limits = {}) => Math.min(...within(limits).map(({ costs }) => costs[name]!));
    const { params } = networks[0]!.costs as { params: number };
    const words = ['--max', 'macs=20k', '--max', `params=${params}`];
    const { code, text } = await tell(project, [...SEARCH, ...words]);
    expect(text).toContain('LIMITS_IMPOSSIBLE');
    const alone = `macs ${least('macs')}, params ${least('params')}`;
    expect(text).toContain(
      `each on its own, are ${alone}; under the other limits macs ${least('macs', { params })}: `,
    );
    expect(code).toBe(2);
  });

  it('names the search plugin that cannot be asked again', async () => {
    const other = await tinyProject();
    copyFileSync(BARE, join(other, 'bare-search.mjs'));
    const config = { ...CONFIG, plugins: [], search: './bare-search.mjs' } as UserConfig;
    await run(tinyRequest(other, { config }), { until: 'rank', inline: true });
    const { code, text } = await tell(other, SEARCH);
    expect(text).toMatch(/SEARCH_NO_QUERY: The search search-bare cannot be asked again.*no `query`/);
    expect(code).toBe(2);
  });

  it('asks for ratings where there are none', async () => {
    const other = await tinyProject();
    await run(tinyRequest(other), { until: 'supernet', inline: true });
    const { code, text } = await tell(other, SEARCH);
    expect(text).toMatch(
      /RUN_NOT_RATED: The run .*runs\/tiny has not rated its candidates yet.*\n→ .*--until rank/,
    );
    expect(code).toBe(2);
    expect((await tell(other, ['search', 'runs/none'])).text).toMatch(/RUN_NOT_FOUND/);
    expect(existsSync(join(other, 'runs/none'))).toBe(false);
  });
});

it('a run of an earlier version, which does not tell its images, is counted on its data set', async () => {
  const other = await tinyProject();
  cpSync(project, other, { recursive: true });
  const copy = join(other, 'runs/tiny');
  rmSync(join(copy, 'space.json'));
  const query = { limits: { params: 5000 } };
  const [here, there] = await Promise.all(
    [folder(), copy].map((path) => searchRun({ folder: path, project: other, ...query })),
  );
  expect(there).toEqual(here);
});
