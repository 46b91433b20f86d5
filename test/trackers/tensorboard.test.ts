import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EVENTS_FOLDER, reportTensorboard } from 'dna-nas/plugins/report-tensorboard';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../report/fake-run.js';
import { applied, lossOf, STEPS, TASKS, tellFeatures, tellRun } from './sample.mjs';

const GOLDEN = new URL('../golden/tensorboard/events', import.meta.url);
const NOW = 1_800_000_000_250;

let runs: string;
let folder: string;

beforeEach(() => {
  runs = temporaryFolder();
  folder = join(runs, 'sample');
  mkdirSync(folder);
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/** One start of the run. */
async function start({ from = 0, until = STEPS }: { from?: number; until?: number } = {}) {
  const hooks = applied(reportTensorboard(), runs);
  const noticed: string[] = [];
  hooks.noticed.tap('test', (text) => void noticed.push(text));
  await tellRun(hooks, { folder, from, until });
  if (until < STEPS) await hooks.runFailed.promise(new Error('stopped'));
  return { hooks, noticed };
}

const files = () => readdirSync(join(folder, EVENTS_FOLDER)).sort();
const bytes = () => Buffer.concat(files().map((name) => readFileSync(join(folder, EVENTS_FOLDER, name))));

/** Records by their lengths alone, from the layout of the format: no sum is looked at. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    found.push(file.subarray(at + 12, at + 12 + length));
    at += 12 + length + 4;
  }
  return found;
}

describe('event files', () => {
  it('have the bytes that TensorBoard was shown to read', async () => {
    const { hooks } = await start();
    await tellFeatures(hooks, folder);
    await hooks.runFailed.promise(new Error('to close the file'));
    if (process.env.DNA_WRITE_GOLDEN) writeFileSync(GOLDEN, bytes());
    expect(Buffer.compare(bytes(), readFileSync(GOLDEN))).toBe(0);
  });

  it('have every step once, however often the run was stopped and went back to a checkpoint', async () => {
    await start({ until: 7 });
    vi.setSystemTime(NOW + 1000);
    await start({ from: 3, until: 9 });
    vi.setSystemTime(NOW + 2000);
    await start({ from: 8 });
    expect(files()).toHaveLength(3);
    for (const task of TASKS) {
      const own = records(bytes()).filter(
        (record) => record.includes(`loss/${task}`) && !record.includes('epoch'),
      );
      expect(own).toHaveLength(STEPS);
      const losses = own.map((record) => record.readFloatLE(record.indexOf(task) + task.length + 1));
      expect(losses).toEqual(Array.from({ length: STEPS }, (_, step) => Math.fround(lossOf(task, step))));
    }
  });

  it('that a crash has torn are left alone, and what was torn off is told again', async () => {
    await start({ until: 7 });
    const [name] = files();
    const whole = readFileSync(join(folder, EVENTS_FOLDER, name!));
    writeFileSync(join(folder, EVENTS_FOLDER, name!), whole.subarray(0, -5));
    vi.setSystemTime(NOW + 1000);
    await start({ from: 3 });
    expect(readFileSync(join(folder, EVENTS_FOLDER, name!)).length).toBe(whole.length - 5);
    const later = records(readFileSync(join(folder, EVENTS_FOLDER, files()[1]!)));
    const told = (task: string) =>
      later.filter((one) => one.includes(`loss/${task}`) && !one.includes('epoch')).length;
    expect(TASKS.map(told)).toEqual([STEPS - 7, STEPS - 6]);
  });

  it('are not added to by a report that has nothing new', async () => {
    await start();
    const before = bytes();
    await start();
    expect(files()).toHaveLength(1);
    expect(Buffer.compare(bytes(), before)).toBe(0);
  });

  it('that cannot be written end no run, and are said so once', async () => {
    writeFileSync(join(folder, EVENTS_FOLDER), 'a file where the folder should be');
    const { noticed } = await start();
    expect(noticed).toEqual([expect.stringMatching(/^Nothing more is written for TensorBoard: /)]);
  });
});

it('thins long trainings to a thousand means', async () => {
  const hooks = applied(reportTensorboard(), runs);
  for (let step = 0; step < 5000; step++)
    await hooks.stepFinished.promise({ task: 'long', step, steps: 5000, loss: step });
  await hooks.runFailed.promise(new Error('stopped'));
  const losses = records(bytes())
    .filter((record) => record.includes('loss/long'))
    .map((record) => record.readFloatLE(record.indexOf('long') + 5));
  // The first step, then means of five, and what is left at the end.
  expect(losses.slice(0, 3)).toEqual([0, 3, 8]);
  expect(losses.at(-1)).toBe((4996 + 4999) / 2);
  expect(losses.length).toBe(1001);
});
