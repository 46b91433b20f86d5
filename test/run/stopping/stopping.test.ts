import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { resultsOf } from '../tiny-run.js';
import { dna, slowProject } from './slow-run.js';

const STATE_SAVED = 75;
const ONE_WORKER = ['run', '--plugin', './slow-plugin.mjs', '--set', 'workers=1'];
const RUN = 'runs/tiny';

let whole: Record<string, unknown>;

beforeAll(async () => {
  const folder = await slowProject();
  expect(await dna(folder, ONE_WORKER)).toMatchObject({ code: 0 });
  whole = resultsOf(folder);
}, 120_000);

/** Tasks of a run that have no result. */
function openTasks(folder: string): string[] {
  const names = (of: string, suffix: string) =>
    readdirSync(join(folder, RUN, of))
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
  const done = new Set(names('results', '.json'));
  return names('tasks', '.json').filter((id) => !done.has(id));
}

/** In each place where a run is long: what is stopped, at the how many-eth unit, and the task to go on with. */
const PLACES = [
  { place: 'distill step', at: 7, task: /^train-/ },
  { place: 'teacher features', at: 3, task: /^train-/ },
] as const;

it('stops within the unit at work in every place, as a run and as a task, and goes on to the same bits', async () => {
  const folder = await slowProject();
  for (const { place, at, task } of PLACES) {
    const stopped = await dna(folder, ONE_WORKER, { place, at });
    expect(stopped, place).toMatchObject({ code: STATE_SAVED, after: [] });
    const open = openTasks(folder).filter((id) => task.test(id));
    const alone = await dna(folder, ['task', RUN, open[0]!], { place, at: 1 });
    expect(alone, place).toMatchObject({ code: STATE_SAVED, after: [] });
    expect(openTasks(folder), place).toContain(open[0]);
  }
  expect(await dna(folder, ONE_WORKER)).toMatchObject({ code: 0 });
  expect(resultsOf(folder)).toEqual(whole);
}, 300_000);
