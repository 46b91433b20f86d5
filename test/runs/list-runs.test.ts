import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { openRunFolder } from 'dna-nas/core/store';
import { listRuns, selectRuns, verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, test } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

let runs: string;

const SHORT = ['distill.epochs=0.2', 'retrain.epochs=0.2'];
const named = (name: string) => listRuns(runs).find((run) => run.name === name)!;
const names = (selection: Parameters<typeof selectRuns>[1]) =>
  selectRuns(listRuns(runs), selection).map(({ name }) => name);

beforeAll(async () => {
  const project = await tinyProject();
  runs = join(project, 'runs');
  await run(tinyRequest(project, { set: [...SHORT, 'name=b-done'] }), { inline: true });
  await run(tinyRequest(project, { set: [...SHORT, 'name=a-half'] }), { inline: true, until: 'rank' });
  await run(tinyRequest(project, { set: [...SHORT, 'runs=runs/grid', 'name=one'] }), {
    ...{ inline: true, until: 'distill' },
  });
  mkdirSync(join(runs, 'c-broken'));
  writeFileSync(join(runs, 'c-broken/config.json'), '{"name": "c-br');
  mkdirSync(join(runs, 'd-notes/pictures'), { recursive: true });
  mkdirSync(join(runs, '.launch'));
  writeFileSync(join(runs, 'notes.txt'), 'not a folder');
});

describe('the runs of a folder', () => {
  test('are listed by name, those of grids and what is no run too', () => {
    expect(listRuns(runs).map(({ name, state }) => [name, state])).toEqual([
      ['a-half', 'stopped'],
      ['b-done', 'complete'],
      ['c-broken', 'damaged'],
      ['d-notes', 'foreign'],
      ['grid/one', 'stopped'],
    ]);
  });

  test('say what they found and what that is worth', () => {
    const done = named('b-done');
    expect(done).toMatchObject({ seed: 3, found: expect.any(String), rating: expect.any(Number) });
    expect(done.accuracy).toBeGreaterThanOrEqual(done.interval![0]);
    expect(done.accuracy).toBeLessThanOrEqual(done.interval![1]);
    expect(done.params).toBeLessThanOrEqual(6000);
    expect(done.seconds).toBeGreaterThan(0);
    expect(Date.parse(done.started!)).toBeLessThan(Date.now());
    expect(done).not.toHaveProperty('stage');
    expect(named('a-half')).toMatchObject({ stage: 'rank' });
    expect(named('a-half')).not.toHaveProperty('accuracy');
  });

  test('say why one cannot be read, and are not changed', () => {
    expect(named('c-broken').problem).toContain('config.json');
    expect(verifyRun(join(runs, 'b-done')).problems).toEqual([]);
  });

  test('a run that a process has is at work', () => {
    const folder = openRunFolder(join(runs, 'a-half'));
    try {
      expect(named('a-half').state).toBe('working');
    } finally {
      folder.release();
    }
    expect(named('a-half').state).toBe('stopped');
  });

  test('are sorted and filtered', () => {
    expect(names({ sort: 'accuracy' })[0]).toBe('b-done');
    expect(names({ sort: 'seconds' }).slice(0, 3)).toEqual(expect.arrayContaining(['grid/one', 'b-done']));
    expect(names({ filter: ['state=stopped'] })).toEqual(['a-half', 'grid/one']);
    expect(names({ filter: ['state=stopped', 'name=grid'] })).toEqual(['grid/one']);
    expect(names({ filter: ['params<1e6', 'params>1'] })).toEqual(['b-done']);
    expect(names({ filter: ['accuracy>1'] })).toEqual([]);
  });

  test.each([
    [{ sort: 'acuracy' }, /Runs have no column "acuracy"/],
    [{ filter: ['params<many'] }, /compares with "many", which is no number/],
    [{ filter: ['complete'] }, /"complete" is not of the form/],
  ])('%o is refused', (selection, message) => {
    expect(() => selectRuns([], selection)).toThrow(message);
  });

  test('there are none without a folder', () => {
    expect(() => listRuns(join(runs, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'RUNS_NOT_FOUND' }),
    );
  });
});
