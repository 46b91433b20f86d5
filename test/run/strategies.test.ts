import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from 'dna-nas/configuration';
import { pathOf } from 'dna-nas/core/space';
import type { CellRatings } from 'dna-nas/core/stages';
import { runTask } from 'dna-nas/core/work';
import { readSafetensors } from 'dna-nas/files';
import { beforeAll, describe, expect, it } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { tinyProject, tinyRequest } from './tiny-run.js';

const STEPS = fileURLToPath(new URL('./step-plugin.mjs', import.meta.url));
const STEP = 'dna-test-step';

const folderOf = (project: string) => join(project, 'runs/tiny');
const json = (project: string, file: string) =>
  JSON.parse(readFileSync(join(folderOf(project), file), 'utf8'));

/** SHA-256 of every result, and what the search found. */
function found(project: string): Record<string, unknown> {
  const results = join(folderOf(project), 'results');
  const hashes = readdirSync(results)
    .sort()
    .map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(results, file)))
        .digest('hex'),
    ]);
  const search = json(project, 'search.json');
  return { ...Object.fromEntries(hashes), search };
}

const settings = (strategy: string, workers: number) => [
  ...[`distill=${strategy}`, 'distill.epochs=1', 'distill.batch=16', 'distill.pathsPerStep=2'],
  ...['rank.batches=2', `workers=${workers}`],
];

type Where = { readonly project?: string; readonly workers?: number; readonly stopAt?: number };

/** Searches with two threads, or in this one; `stopAt` stops the run at that step of this start. */
async function searched(strategy: string, { project, workers = 1, stopAt }: Where = {}) {
  const folder = project ?? (await tinyProject());
  copyFileSync(STEPS, join(folder, 'step-plugin.mjs'));
  const controller = new AbortController();
  let steps = 0;
  const onStep = () => ++steps === stopAt && controller.abort();
  process.on(STEP, onStep);
  try {
    const request = tinyRequest(folder, {
      set: settings(strategy, workers),
      plugins: ['./step-plugin.mjs'],
    });
    await run(request, { until: 'search', signal: controller.signal, inline: workers === 1 });
  } finally {
    process.off(STEP, onStep);
  }
  return folder;
}

type StoredRatings = Omit<CellRatings, 'values'> & { readonly values: number[] };

const ratings = (project: string): StoredRatings[] => json(project, 'ratings.json').cells;

/** The three best-rated candidates of block 1. */
function bestOfBlock1(cells: readonly StoredRatings[]) {
  return cells
    .filter(({ block }) => block === 0)
    .flatMap(({ cell, choices, values }) =>
      values.map((rating, number) => ({ rating, choice: { cell, path: pathOf(number, choices) } })),
    )
    .sort((a, b) => a.rating - b.rating)
    .slice(0, 3)
    .map(({ choice }) => choice);
}

let blockwise: Promise<string> | undefined;

describe.each(['progressive-s1', 'progressive-s2'])('%s', (strategy) => {
  let project: string;

  beforeAll(async () => {
    project = await searched(strategy);
  });

  // A worker starts for longer than a tiny search takes: one of the strategies shows it in `npm test`.
  const workers = CAMPAIGN || strategy === 'progressive-s1' ? 2 : 1;

  it(`goes on to the same bits, with ${workers} workers, after it was stopped in either round`, async () => {
    const other = await tinyProject();
    for (const stopAt of [5, 25])
      await expect(searched(strategy, { project: other, stopAt })).rejects.toMatchObject({ code: 'STOPPED' });
    // A task of the second round runs anywhere, as its file holds all that it needs to know.
    await runTask({ folder: folderOf(other), task: 'train-b2-c2', project: other, inline: true });
    await searched(strategy, { project: other, workers });
    expect(found(other)).toEqual(found(project));
  });

  it('builds block 2 on the three best-rated paths of block 1', () => {
    const best = bestOfBlock1(ratings(project));
    const { input, needs } = json(project, 'tasks/train-b2-c1.json');
    expect(input.earlier).toHaveLength(1);
    expect(input.earlier[0]).toMatchObject({ block: 0, candidates: best });
    const tasks = best.map(({ cell }) => `train-b1-c${cell + 1}`);
    expect(new Set(needs)).toEqual(new Set(strategy === 'progressive-s2' ? tasks : []));
    expect(json(project, 'tasks/train-b1-c1.json').input).toEqual({ block: 0, cell: 0 });
  });

  it('builds it on the best ones by what a plugin makes of the ratings, each changed once', async () => {
    const other = await tinyProject();
    writeFileSync(
      join(other, 'contrary.mjs'),
      `export default { name: 'contrary', apply(run) { run.hooks.ratings.tap('contrary', (cells) =>
        cells.map((cell) => ({ ...cell, values: [...cell.values].map((value) => -value) }))); } };`,
    );
    const request = tinyRequest(other, { set: settings(strategy, 1), plugins: ['./contrary.mjs'] });
    await run(request, { until: 'rank', inline: true });
    const [plain, contrary] = [ratings(project), ratings(other)].map((cells) =>
      cells.filter(({ block }) => block === 0),
    );
    expect(contrary!.map(({ values }) => values)).toEqual(
      plain!.map(({ values }) => values.map((value) => -value)),
    );
    const [earlier] = json(other, 'tasks/train-b2-c1.json').input.earlier;
    expect(earlier.candidates).toEqual(bestOfBlock1(contrary!));
    expect(earlier.candidates).not.toEqual(bestOfBlock1(plain!));
  });

  it(strategy === 'progressive-s1' ? 'trains earlier blocks of its own' : 'holds no earlier block', () => {
    const tensors = (task: string) =>
      readSafetensors(readFileSync(join(folderOf(project), `results/${task}.safetensors`))).tensors;
    const { input } = json(project, 'tasks/train-b2-c1.json');
    const [{ cell, path }] = input.earlier[0].candidates;
    const name = `layers.0.operations.${path[0]}`;
    const own = [...tensors('train-b2-c1')].filter(([key]) => key.startsWith('earlier.'));
    const weights = own.filter(([key]) => key.startsWith(`earlier.b1.c${cell + 1}.${name}`));
    expect(weights.length > 0).toBe(strategy === 'progressive-s1');
    const before = tensors(`train-b1-c${cell + 1}`);
    for (const [key, { data }] of weights)
      expect(data, key).not.toEqual(before.get(key.slice(`earlier.b1.c${cell + 1}.`.length))!.data);
  });

  it('trains and rates block 1 as distill-blockwise does, and block 2 otherwise', async () => {
    blockwise ??= searched('blockwise');
    const [plain, own] = [found(await blockwise), found(project)];
    const same = Object.keys(plain).filter((file) => plain[file] === own[file]);
    expect(same).toEqual(
      ['rate-b1-c1', 'rate-b1-c2', 'train-b1-c1', 'train-b1-c2'].map((id) => `${id}.safetensors`),
    );
  });
});

it('ends after the last round of the stage that is named', async () => {
  const other = await tinyProject();
  await run(tinyRequest(other, { set: settings('progressive-s1', 1) }), { until: 'distill', inline: true });
  const results = readdirSync(join(folderOf(other), 'results'));
  expect(results).toContain('train-b2-c2.safetensors');
  expect(results).toContain('rate-b1-c1.safetensors');
  expect(results).not.toContain('rate-b2-c1.safetensors');
});

it('gives the same ratings with several calibration batches whether prefixes are shared or not', async () => {
  const [shared, alone] = await Promise.all(
    [true, false].map(async (share) => {
      const project = await tinyProject();
      const few = ['distill.epochs=0.2', 'rank.batches=1', 'rank.calibrationBatches=3'];
      const set = [...few, `rank.sharePrefixes=${share}`];
      await run(tinyRequest(project, { set }), { until: 'rank', inline: true });
      return json(project, 'ratings.json').cells;
    }),
  );
  expect(alone).toEqual(shared);
});
