import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ablation, type AblationOptions, ablate, readAxes } from 'dna-nas/ablation';
import { attachRunFolder } from 'dna-nas/core/store';
import { beforeAll, describe, expect, it } from 'vitest';
import { tell } from '../mistakes/command-line.js';
import { shortProject } from './short-project.js';

const GRID = 'distill=blockwise,progressive-s2';
const PLENTY = { free: () => Number.POSITIVE_INFINITY, used: () => 0 };

let project: string;
beforeAll(async () => {
  project = await shortProject();
});

/** A grid of a name of its own in the project, and what it told, in order. */
async function grid(
  name: string,
  axes: readonly string[],
  options: AblationOptions & { readonly seeds?: readonly number[] } = {},
) {
  const told: string[] = [];
  const { seeds = [3], ...given } = options;
  const base = { project, set: ['workers=2'] };
  const running = ablate(
    { base, axes: readAxes(axes), seeds, name },
    {
      memory: PLENTY,
      ...given,
      placed: ({ points, together, workers }) => told.push(`${points} by ${together} on ${workers}`),
      began: ({ number }, shared) =>
        told.push(`${number} begins${shared ? ` with ${shared.taken.length}` : ''}`),
      event: (event, at) => {
        given.event?.(event, at);
        if (event.event === 'stageStarted' && event.data.stage === 'search') told.push(`${at.number} search`);
      },
      failed: ({ message }, { number }) => told.push(`${number} failed: ${message.split('\n')[0]}`),
      finished: (_, { done, all }) => told.push(`${done}/${all} done`),
    },
  );
  const ablation = await running.catch((error: unknown) => error as Error);
  return { told, ablation, folder: join(project, 'runs', name) };
}

/** What a run has computed: its results, ratings, and what the search and the training made of them. */
function computed(folder: string, run: string): Record<string, string> {
  const read = (...path: string[]) => readFileSync(join(folder, run, ...path), 'latin1');
  const results = readdirSync(join(folder, run, 'results'));
  return Object.fromEntries([
    ...results.map((name) => [name, read('results', name)]),
    ...['ratings.json', 'search.json', 'outcome.json', 'identity.json'].map((name) => [name, read(name)]),
  ]);
}

const runsOf = (ablation: Ablation | Error) => (ablation as Ablation).points.map(({ run }) => run);
const workersOf = (folder: string, run: string) =>
  attachRunFolder(join(folder, run))
    .readJournal()
    .filter(({ event }) => event === 'started')
    .map(({ workers }) => workers);

describe('points at the same time', () => {
  let alone: Awaited<ReturnType<typeof grid>>;
  beforeAll(async () => {
    alone = await grid('alone', [GRID], { parallel: 1 });
  });

  it('share the workers of one run, and give the bits of one after the other', async () => {
    expect(alone.told[0]).toBe('2 by 1 on undefined');
    const { told, ablation, folder } = await grid('together', [GRID]);
    expect(told[0]).toBe('2 by 2 on 2');
    expect(told.indexOf('2 begins')).toBeLessThan(told.indexOf('1/2 done'));
    const runs = runsOf(ablation);
    expect(runs).toEqual(['blockwise_seed3', 'progressive-s2_seed3']);
    for (const run of runs) {
      expect(workersOf(alone.folder, run)).toEqual([2]);
      expect(workersOf(folder, run)).toEqual([1]);
      expect(computed(folder, run)).toEqual(computed(alone.folder, run));
    }
    for (const run of runs) expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain(run);
  });

  it('are stopped together, and go on to the same bits', async () => {
    const stop = new AbortController();
    const begun = new Set<number>();
    const first = await grid('stopped', [GRID], {
      signal: stop.signal,
      event: ({ event }, { number }) => {
        if (event === 'stepFinished') begun.add(number);
        if (begun.size === 2) stop.abort();
      },
    });
    expect(first.ablation).toMatchObject({ code: 'STOPPED' });
    expect(first.told).toEqual(expect.arrayContaining(['1 begins', '2 begins']));
    expect(first.told).not.toContain('2/2 done');
    const { ablation, folder } = await grid('stopped', [GRID]);
    for (const run of runsOf(ablation)) {
      expect(computed(folder, run)).toEqual(computed(alone.folder, run));
    }
  });

  it('wait for cells that another trains, and take them over', async () => {
    const { told } = await grid('shared', ['rank.rating=relative-l1,mse-variance']);
    expect(told[0]).toBe('2 by 2 on 2');
    expect(told.slice(0, 4)).toEqual([told[0], '1 begins', '1 search', '2 begins with 4']);
  });

  it('begin only where memory is left for one more; those that follow have the places', async () => {
    let used = 0;
    const memory = { free: () => 0, used: () => (used += 1e6) };
    const { told, ablation, folder } = await grid('little', ['distill=blockwise'], {
      memory,
      seeds: [3, 4, 5],
    });
    expect(told.filter((line) => !line.endsWith('search'))).toEqual([
      '3 by 2 on 2',
      ...[1, 2, 3].flatMap((number) => [`${number} begins`, `${number}/3 done`]),
    ]);
    expect(runsOf(ablation).flatMap((run) => workersOf(folder, run))).toEqual([1, 2, 2]);
  });
});

describe('a point that fails', () => {
  it('leaves the others, and is named at the end', async () => {
    const { told, ablation, folder } = await grid('failing', ['search.limits.params=10,6000,11'], {
      inline: true,
    });
    expect(told.map((line) => line.slice(0, 8))).toEqual([
      ...['3 by 1 o', '1 begins', '1 failed', '2 begins', '2 search', '1/3 done', '3 begins', '3 failed'],
    ]);
    expect(ablation).toMatchObject({ code: 'ABLATION_POINT' });
    expect((ablation as Error).message).toMatch(
      /^2 points of the grid failed:\n {2}The point search\.limits\.params=10, seed 3 of the grid failed: .*\n/,
    );
    const { points } = JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')) as Ablation;
    expect(points.map(({ levels }) => levels['search.limits.params'])).toEqual(['6000']);
  });
});

it.each(['0', 'two', '1.5'])('--parallel %s is refused', async (points) => {
  const { code, text } = await tell(project, ['ablate', '--grid', GRID, '--parallel', points]);
  expect(text).toContain(`USAGE: --parallel is "${points}"; auto or a whole number from 1 is expected.`);
  expect(code).toBe(2);
});
