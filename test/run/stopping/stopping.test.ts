import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { beforeAll, expect, it } from 'vitest';
import { inCampaign, sample } from '../../faults/extent.js';
import { resultsOf } from '../tiny-run.js';
import { dna, slowProject } from './slow-run.js';

const STATE_SAVED = 75;
const STOPPED_HARD = 130;
const ONE_WORKER = ['run', '--plugin', './slow-plugin.mjs', '--set', 'workers=1'];
const RUN = 'runs/tiny';

let whole: Record<string, unknown>;

beforeAll(async () => {
  const folder = await slowProject();
  await run({ project: folder }, { inline: true });
  whole = resultsOf(folder);
});

/** Tasks of a run that have no result. */
function openTasks(folder: string): string[] {
  const names = (of: string, suffix: string) =>
    readdirSync(join(folder, RUN, of))
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length));
  const done = new Set(names('results', '.json'));
  return names('tasks', '.json').filter((id) => !done.has(id));
}

/** A place where a run is long: what is stopped, at the how many-eth unit, and the task to go on with. */
interface StopPoint {
  readonly place: string;
  readonly at: number;
  readonly task?: RegExp;
}

const STOP_POINTS: readonly StopPoint[] = [
  { place: 'limits', at: 1 },
  { place: 'distill step', at: 7, task: /^train-/ },
  { place: 'teacher features', at: 3, task: /^train-/ },
  { place: 'layer calibrate', at: 4, task: /^rate-/ },
  { place: 'rating', at: 7, task: /^rate-/ },
  { place: 'retrain step', at: 3, task: /^retrain-/ },
  { place: 'search', at: 1 },
  { place: 'read train retrain', at: 3, task: /^retrain-/ },
  { place: 'read test', at: 2, task: /^retrain-/ },
  { place: 'read test', at: 6, task: /^retrain-/ },
  { place: 'teacher logits', at: 1, task: /^evaluate-teacher/ },
];

it('stops within the unit at work in every place, as a run and as a task, and goes on to the same bits', async () => {
  const folder = await slowProject();
  for (const { place, at, ...rest } of sample<StopPoint>(STOP_POINTS, 1, STOP_POINTS.length)) {
    const stopped = await dna(folder, ONE_WORKER, { place, at });
    expect(stopped, place).toMatchObject({ code: STATE_SAVED, after: [] });
    if (!rest.task) continue;
    const open = openTasks(folder).filter((id) => rest.task!.test(id));
    const alone = await dna(folder, ['task', RUN, open[0]!], { place, at: 1 });
    expect(alone, place).toMatchObject({ code: STATE_SAVED, after: [] });
    expect(openTasks(folder), place).toContain(open[0]);
  }
  expect(await dna(folder, ONE_WORKER)).toMatchObject({ code: 0 });
  expect(resultsOf(folder)).toEqual(whole);
});

inCampaign('is ended by the grace where a unit never ends, as a run and as a task', async () => {
  const folder = await slowProject();
  const never = { place: 'distill step', at: 5, never: true } as const;
  expect(await dna(folder, ONE_WORKER, never)).toMatchObject({ code: STATE_SAVED, after: [] });
  const task = ['task', RUN, openTasks(folder)[0]!];
  expect(await dna(folder, task, never)).toMatchObject({ code: STATE_SAVED, after: [] });
  const search = { place: 'search', never: true } as const;
  expect(await dna(folder, ONE_WORKER, search)).toMatchObject({ code: STATE_SAVED, after: [] });
  expect(await dna(folder, ONE_WORKER)).toMatchObject({ code: 0 });
  expect(resultsOf(folder)).toEqual(whole);
});

inCampaign('is ended at once by a second Ctrl-C', async () => {
  const folder = await slowProject();
  const twice = { place: 'distill step', signal: 'SIGINT', again: true, never: true } as const;
  expect(await dna(folder, ONE_WORKER, twice)).toMatchObject({ code: STOPPED_HARD, after: [] });
});
