import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { auditScores, formatScores, readRunScores, readScores } from 'dna-nas/audit';
import { run } from 'dna-nas/configuration';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import { pathCount, pathOf } from 'dna-nas/core/space';
import { openRunFolder } from 'dna-nas/core/store';
import { countingOf } from 'dna-nas/run-tools';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, test } from 'vitest';
import { JSON_SCHEMAS } from '../../dist/cli/json-schemas.js';
import { output } from '../cli/output.js';
import { tell } from '../mistakes/command-line.js';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

const PLUGIN = new URL('equal-space-plugin.mjs', import.meta.url).pathname;
const CHANGES = { set: ['distill.epochs=1', 'workers=1'], plugins: ['./equal-space.mjs'] };

let project: string;
let folder: string;
let space: SearchSpace;
/** All networks: two blocks of two cells with one or two layers of two operations. */
let texts: string[];
let ratings: Map<string, number>;
const truth = () => join(project, 'truth.csv');

/** Lines of a truth, its accuracies beside the ratings by a little noise. */
function truthLines(): string[] {
  return texts.map((text, index) => {
    const canonical = space.formatArchitecture(space.canonical!(space.parseArchitecture(text)));
    const accuracy = 0.9 / (1 + 0.1 * ratings.get(canonical)!) + 1e-3 * ((canonical.length * 7919) % 13);
    return `"${text}",${accuracy.toFixed(6)},${index}`;
  });
}

function writeTruth(lines = truthLines(), header = 'architecture,accuracy,note'): void {
  writeFileSync(truth(), `# by a test\n${[header, ...lines].join('\n')}\n`);
}

beforeAll(async () => {
  project = await tinyProject();
  folder = join(project, 'runs/tiny');
  copyFileSync(PLUGIN, join(project, 'equal-space.mjs'));
  await run(tinyRequest(project, CHANGES), { until: 'rank', inline: true });
  const stored = await openStoredRun({ folder, project });
  space = await stored.run.resolve('resolveSpace', 'space');
  const { cells } = stored.folder.readJson('ratings') as {
    cells: { block: number; cell: number; choices: number[]; values: number[] }[];
  };
  const block = (number: number) =>
    cells
      .filter((one) => one.block === number)
      .flatMap(({ cell, choices, values }) =>
        Array.from({ length: pathCount(choices) }, (_, i) => ({
          cell,
          path: pathOf(i, choices),
          rating: values[i]!,
        })),
      );
  const networks = block(0).flatMap((one) => block(1).map((other) => [one, other]));
  texts = networks.map((network) => space.formatArchitecture(network));
  ratings = new Map(networks.map(([one, other], i) => [texts[i]!, one!.rating + other!.rating]));
});

describe('of a run', () => {
  test('a network is rated by the sum of its blocks, and equal ones are one network in canonical form', async () => {
    writeTruth();
    const { scores, repeated, unused } = await readRunScores({ folder, project, truth: truth() });
    // Of 36 networks, those with the second block's first cell have 3 forms instead of 4.
    expect([scores.rating.length, repeated, unused]).toEqual([30, 6, ['note']]);
    const canonical = texts.filter(
      (text) => space.formatArchitecture(space.canonical!(space.parseArchitecture(text))) === text,
    );
    expect([...scores.rating]).toEqual(canonical.map((text) => ratings.get(text)!));
  });

  test('costs are those of the networks themselves on the run’s images, depth is the space’s own', async () => {
    const { scores } = await readRunScores({ folder, project, truth: truth() });
    const counting = await countingOf((await openStoredRun({ folder, project })).run);
    const architecture = space.parseArchitecture(texts[0]!);
    const cost = space.createNetwork(architecture, counting).cost(counting.image);
    expect([scores.costs.macs[0], scores.costs.params[0]]).toEqual([cost.macs, cost.params]);
    expect(scores.costs.depth![0]).toBe(space.depth!(architecture));
  });

  test('the command prints what its schema says, keeps it sealed and draws it', async () => {
    const words = [
      'audit',
      'runs/tiny',
      '--truth',
      'truth.csv',
      '--json',
      '--resamples',
      '200',
      '--fit',
      '3, 8',
    ];
    const printed = JSON.parse(await output(project, words));
    const validate = new Ajv({ allErrors: true }).compile(JSON_SCHEMAS.audit!);
    validate(printed);
    expect(validate.errors ?? []).toEqual([]);
    const { scores } = await readRunScores({ folder, project, truth: truth() });
    // Nobody said limits, so they are the run's.
    const options = { resamples: 200, fit: [3, 8], limits: { params: 6000 } };
    expect(printed).toEqual(JSON.parse(JSON.stringify(auditScores(scores, options))));
    expect(printed.pick.networks).toBe(scores.costs.params.filter((params) => params <= 6000).length);
    expect(printed.fits.map(({ networks }: { networks: number }) => networks)).toEqual([3, 8]);
    const { points, ...kept } = JSON.parse(readFileSync(join(folder, 'audit.json'), 'utf8'));
    expect(kept).toEqual(printed);
    expect(points.accuracy[0]).toBeCloseTo(100 * scores.accuracy[0]!, 9);
    const { whole, problems } = verifyRun(folder);
    expect(problems).toEqual([]);
    expect(whole).toContain('audit.json');
  });

  test('what was audited can be audited again without run and truth', async () => {
    writeTruth();
    const words = ['--json', '--resamples', '200', '--max', 'params=5.5k'];
    const ofRun = await output(project, [
      'audit',
      'runs/tiny',
      '--truth',
      'truth.csv',
      '--scores',
      'scores.csv',
      ...words,
    ]);
    const ofTable = await output(project, ['audit', 'scores.csv', ...words]);
    expect(JSON.parse(ofTable)).toEqual(JSON.parse(ofRun));
    const table = readScores(join(project, 'scores.csv'));
    expect([table.repeated, table.unused]).toEqual([0, []]);
    expect(table.architectures!.map((text) => ratings.get(text))).toEqual([...table.scores.rating]);
    const { rating, blocks } = table.scores;
    expect(blocks).toHaveLength(2);
    rating.forEach((sum, row) => {
      expect(blocks![0]![row]! + blocks![1]![row]!).toBe(sum);
    });
    const seeds = [-1, 1].map((sign) => table.scores.accuracy.map((share) => share + sign / 128));
    const scores = { ...table.scores, seeds };
    writeFileSync(join(project, 'seeds.csv'), formatScores({ ...table, scores }, ['two seeds']));
    expect(readScores(join(project, 'seeds.csv')).scores).toEqual(scores);
    const misused = await tell(project, ['audit', 'scores.csv', '--scores', 'other.csv']);
    expect(misused.text).toMatch(
      /^error USAGE: --scores goes with the folder of a run, and scores.csv is none/,
    );
  });

  test('while another process has the run, it is read and nothing is written', async () => {
    const before = readFileSync(join(folder, 'audit.json'), 'utf8');
    const owner = openRunFolder(folder);
    try {
      const { code, text } = await tell(project, [
        'audit',
        'runs/tiny',
        '--truth',
        'truth.csv',
        '--seed',
        '4',
      ]);
      expect(code).toBe(0);
      expect(text).toContain('audit.json is not written');
      expect(readFileSync(join(folder, 'audit.json'), 'utf8')).toBe(before);
    } finally {
      owner.release();
    }
  });
});

test('ratings are put on the scale of the run’s search, and networks that it is fitted to are left out', async () => {
  const audited = async (name: string, ...set: string[]) => {
    const searched = await search(name, set);
    return { folder: searched, ...(await readRunScores({ folder: searched, project, truth: truth() })) };
  };
  writeTruth();
  const weighed = await audited('weighed', 'search.scale.weights=[3, 0]');
  const { rating, blocks } = weighed.scores;
  const plain = (await readRunScores({ folder, project, truth: truth() })).scores;
  expect([...rating]).toEqual([...plain.blocks![0]!.map((value) => 3 * value)]);
  expect(new Set(blocks![1])).toEqual(new Set([0]));
  const found = (run: string) => JSON.parse(readFileSync(join(run, 'search.json'), 'utf8')).best.rating;
  expect(found(weighed.folder)).toBe(Math.min(...rating));
  writeFileSync(
    join(project, 'few.csv'),
    ['architecture,accuracy,note', ...truthLines().slice(0, 12)].join('\n'),
  );
  const fitted = await audited('fitted', 'search.scale.truth=few.csv');
  expect(fitted.known).toBeGreaterThanOrEqual(9);
  expect(fitted.scores.rating).toHaveLength(30 - fitted.known!);
});

/** The folder of a run of the same ratings with some options set, up to its search. */
async function search(name: string, set: readonly string[]): Promise<string> {
  await run(tinyRequest(project, { ...CHANGES, set: [...CHANGES.set, ...set, `name=${name}`] }), {
    until: 'search',
    inline: true,
  });
  return join(project, 'runs', name);
}

describe('what is wrong is told', () => {
  const told = async (...words: string[]) => {
    const { code, text } = await tell(project, ['audit', 'runs/tiny', ...words]);
    return `${code}: ${text}`;
  };

  test('a run without a truth, and a truth without a run', async () => {
    expect(await told()).toMatch(/^2: error USAGE: runs\/tiny is a run, and --truth was not given/);
    const table = await tell(project, ['audit', 'truth.csv', '--truth', 'truth.csv']);
    expect(table.text).toMatch(/^error USAGE: --truth goes with the folder of a run, and truth.csv is none/);
  });

  test('a network of another space, with its line', async () => {
    writeTruth(['mbconv,0.5,1', ...truthLines()]);
    expect(await told('--truth', 'truth.csv')).toMatch(/^2: error AUDIT_TRUTH: truth.csv, line 3: /);
  });

  test('other costs than the space counts', async () => {
    writeTruth(
      truthLines().map((line) => line.replace(/,\d+$/, ',1234')),
      'architecture,accuracy,macs',
    );
    expect(await told('--truth', 'truth.csv')).toMatch(/line 3: macs is 1234; \d+ is expected/);
  });

  test('equal networks with different accuracies', async () => {
    const lines = truthLines();
    const equal = texts.findIndex(isOtherForm);
    lines[equal] = `"${texts[equal]}",0.123,0`;
    writeTruth(lines);
    expect(await told('--truth', 'truth.csv')).toMatch(
      /^2: error TABLE_CONTRADICTION: .*accuracy is .* and 0\.123/,
    );
  });

  test('a run that has not ranked, and a folder that is no run', async () => {
    await run(tinyRequest(project, { set: [...CHANGES.set, 'name=early'] }), {
      until: 'supernet',
      inline: true,
    });
    writeTruth();
    const early = await tell(project, ['audit', 'runs/early', '--truth', 'truth.csv']);
    expect(early.text).toMatch(/^error AUDIT_RUN: The run .*early has not rated its candidates yet/);
    const none = await tell(project, ['audit', 'runs', '--truth', 'truth.csv']);
    expect(none.text).toMatch(/^error RUN_NOT_FOUND: /);
  });
});

function isOtherForm(text: string): boolean {
  return space.formatArchitecture(space.canonical!(space.parseArchitecture(text))) !== text;
}
