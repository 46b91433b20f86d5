import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { run } from 'dna-nas/configuration';
import { attachRunFolder } from 'dna-nas/core/store';
import { compareRuns } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { output } from '../cli/output.js';
import { tell } from '../mistakes/command-line.js';
import { parsePage, textOf, walk } from '../report/parse-page.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

let project: string;
const folder = (name: string) => join(project, 'runs', name);
const compared = (...names: string[]) => compareRuns(names.map(folder));

/** Which test images a run's network got right, read without the code under test. */
function rightImages(name: string): boolean[] {
  const { right, images } = attachRunFolder(folder(name)).loadResult('retrain-found')!.json;
  const bytes = Buffer.from(String(right), 'base64');
  return Array.from(
    { length: Number(images) },
    (_, image) => ((bytes[image >> 3]! >> (image & 7)) & 1) === 1,
  );
}

beforeAll(async () => {
  project = await tinyProject();
  const start = (set: string[], until?: 'distill') =>
    run(tinyRequest(project, { set: ['workers=1', ...set] }), { inline: true, ...(until && { until }) });
  await start(['name=one']);
  await start(['name=other', 'seed=4', 'distill.epochs=2']);
  const blocks = JSON.stringify((TINY.space as { blocks: unknown[] }).blocks.slice(0, 1));
  await start(['name=begun', `space.blocks=${blocks}`, 'search.limits.params=5000'], 'distill');
});

describe('runs side by side', () => {
  it('differ in accuracy by what was right image by image', () => {
    const [found] = compared('one', 'other').differences;
    const [one, other] = [rightImages('one'), rightImages('other')];
    const won = other.filter((right, image) => right && !one[image]).length;
    const lost = one.filter((right, image) => right && !other[image]).length;
    expect(won + lost).toBeGreaterThan(0);
    expect(found).toMatchObject({
      ...{ run: 'other', against: 'one', images: 64, discordant: won + lost },
      difference: (won - lost) / 64,
    });
    const { interval } = found as unknown as { interval: [number, number] };
    expect(interval[0]).toBeLessThan((won - lost) / 64);
    expect(interval[1]).toBeGreaterThan((won - lost) / 64);
    const [turned] = compared('other', 'one').differences as unknown as { interval: number[] }[];
    expect(turned!.interval.map((end) => -end).reverse()).toEqual(
      interval.map((end) => expect.closeTo(end, 9)),
    );
  });

  it('tell the options in which they differ, and no others', () => {
    expect(compared('one', 'other').configuration).toEqual([
      { path: 'distill.epochs', values: { one: 3, other: 2 } },
      { path: 'seed', values: { one: 3, other: 4 } },
    ]);
  });

  it('tell what each found, and how its losses fell', () => {
    const { runs } = compared('one', 'other');
    for (const { name, network, blocks, losses, costs, complete, missing } of runs) {
      const outcome = JSON.parse(readFileSync(join(folder(name), 'outcome.json'), 'utf8'));
      const search = JSON.parse(readFileSync(join(folder(name), 'search.json'), 'utf8'));
      expect([complete, missing]).toEqual([true, []]);
      expect(network).toEqual(outcome.networks.find((one: { name: string }) => one.name === 'found'));
      expect(costs).toEqual(search.best.costs);
      expect(blocks!.map(({ cell }) => cell)).toEqual(
        search.best.architecture.map(({ cell }: { cell: number }) => cell),
      );
      expect(blocks!.flatMap(({ layers }) => layers).every((layer) => /^k[35]e2$/.test(layer))).toBe(true);
      expect(losses.map(({ block, cell }) => [block, cell])).toEqual([
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ]);
      const steps = name === 'one' ? 36 : 24;
      for (const loss of losses) expect(loss.steps).toBe(steps);
    }
  });

  it('are compared as far as they can be, and say what is missing', () => {
    const { runs, differences, configuration } = compared('one', 'begun');
    expect(runs[1]!.missing).toEqual([
      'is not complete: its last stage so far was distill',
      'has no architecture yet',
      'has trained no network yet',
    ]);
    expect(runs[1]!.losses).toHaveLength(2);
    expect(differences).toEqual([{ run: 'begun', against: 'one', unknown: 'begun trained no network yet' }]);
    expect(configuration.map(({ path }) => path)).toContain('space.blocks.1.cells.0.channels');
    expect(configuration.find(({ path }) => path === 'space.blocks.1.stride')!.values).toEqual({ one: 2 });
  });

  it('are not paired on other images, nor where nobody knows which were right', () => {
    const copy = folder('copy');
    cpSync(folder('one'), copy, { recursive: true });
    const file = join(copy, 'identity.json');
    const identity = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(file, JSON.stringify({ ...identity, data: 'others' }));
    rmSync(join(copy, 'manifest.json'));
    const { differences, configuration } = compared('one', 'copy');
    expect(differences).toEqual([{ run: 'copy', against: 'one', unknown: 'tested on other data' }]);
    expect(configuration).toEqual([
      { path: 'identity.data', values: { one: identity.data, copy: 'others' } },
    ]);
    rmSync(join(copy, 'results', 'retrain-found.safetensors'));
    expect(compared('copy', 'one').differences).toMatchObject([
      { unknown: 'the results do not tell which images were right' },
    ]);
  });
});

describe('dna compare', () => {
  const words = ['compare', 'runs/one', 'runs/other', 'runs/begun'];

  it('prints a table, differences, architectures, losses and what is missing', async () => {
    const text = await output(project, words);
    const [head, ...rows] = text.split('\n\n')[0]!.split('\n');
    expect(head).toMatch(
      /^run +state +preset +seed +rating +macs +params +top-1, % +against the first, points +time$/,
    );
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 2))).toEqual([
      ['one', 'complete'],
      ['other', 'complete'],
      ['begun', 'after distill'],
    ]);
    expect(text).toMatch(/\n {2}distill\.epochs +3 +2 +3\n/);
    expect(text).toMatch(/\n {2}block 2 +other +cell \d, \d+ channels +k\de2/);
    expect(text).toMatch(/\n {2}block 1 +begun +cell \d +[\d.]+ → [\d.]+ +\d+ steps\n/);
    expect(text).toMatch(
      /Missing:\n {2}begun is not complete: .*\n(.*\n)+ {2}begun against one: the difference is/,
    );
  });

  it('prints what its schema says', async () => {
    const printed = JSON.parse(await output(project, [...words, '--json']));
    const validate = new Ajv({ strict: false }).compile(JSON_SCHEMAS.compare!);
    expect(validate(printed), JSON.stringify(validate.errors)).toBe(true);
    expect(printed).toEqual(JSON.parse(JSON.stringify(compared('one', 'other', 'begun'))));
  });

  it('writes a page with curves and fronts over one another, that needs nothing else', async () => {
    await output(project, [...words, '--page', 'page.html']);
    const page = readFileSync(join(project, 'page.html'), 'utf8');
    expect(page).not.toMatch(/https?:|url\(|<script|<link|NaN|undefined|Infinity/);
    const elements = walk(parsePage(page));
    expect(elements.filter(({ name }) => name === 'h2').map(textOf)).toEqual([
      'Runs',
      'What is missing',
      'Configuration',
      'The found architectures',
      'Training from scratch',
      'Rating against cost',
      'Distillation of the cells',
    ]);
    const classes = elements.map(({ attributes }) => attributes.get('class') ?? '');
    const drawn = (kind: RegExp) => classes.filter((name) => kind.test(name)).length;
    // Two networks were trained; of the three runs' cells four, four and two.
    expect([1, 2, 3].map((number) => drawn(new RegExp(`^curve-run-${number}$`)))).toEqual([1, 1, 0]);
    expect(
      [1, 2, 3].map((number) => drawn(new RegExp(`^curve-thin curve-run-${number}( found-one)?$`))),
    ).toEqual([4, 4, 2]);
    expect(drawn(/found-one$/)).toBe(4);
    expect([1, 2].map((number) => drawn(new RegExp(`^front line-run-${number}$`)))).toEqual([1, 1]);
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('wants two different runs', async () => {
    for (const [given, found] of [
      [['runs/one'], /1 run was given\. Two or more different ones are expected/],
      [['runs/one', './runs/one'], /The run \.\/runs\/one was given twice/],
      [['runs/one', 'runs/none'], /RUN_NOT_FOUND/],
    ] as const) {
      const { code, text } = await tell(project, ['compare', ...given]);
      expect(text).toMatch(found);
      expect(code).toBe(2);
    }
  });
});
