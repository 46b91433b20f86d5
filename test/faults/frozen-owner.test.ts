import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openRunFolder } from 'dna-nas/core/store';
import { thisProcess } from 'dna-nas/files';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryRuns } from '../store/temporary-folder.js';
import { ALL, count } from './extent.js';

const newRun = temporaryRuns();
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(folder: string, asleepBefore = ''): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'frozen-owner.mjs'), [folder, asleepBefore]);
  children.push(child);
  await once(child, 'message');
  return child;
}

async function asleep({ pid }: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
    await pause(10);
  }
  throw new Error('The owner does not sleep.');
}

/** Takes the run over as another host does, and works on it. */
function takeOver(folder: string) {
  const run = openRunFolder(folder, { process: { ...thisProcess(), host: 'another' }, takeOver: true });
  run.saveCheckpoint('t', 5, { json: { step: 5, by: 'new' }, tensors: new Map() });
  run.saveCheckpoint('t', 6, { json: { step: 6, by: 'new' }, tensors: new Map() });
  return run;
}

async function wake(child: ChildProcess): Promise<unknown> {
  const answer = once(child, 'message');
  child.kill('SIGCONT');
  return (await answer)[0];
}

describe.skipIf(process.platform !== 'linux')(
  'an owner that was stopped and wakes after its run was taken over',
  () => {
    test.each(['result', 'checkpoint', 'journal'])('cannot write a %s', async (what) => {
      const folder = newRun();
      const child = await start(folder);
      child.kill('SIGSTOP');
      await asleep(child);
      const run = takeOver(folder);
      child.send(what);
      expect(await wake(child)).toBe('OWNER_LOST');
      expect(run.loadCheckpoint('t')!.json).toEqual({ step: 6, by: 'new' });
      expect(run.hasResult('t')).toBe(false);
      expect(run.readJournal()).toEqual([]);
      run.release();
    });

    test('cannot replace a result, though it had checked before it fell asleep', async () => {
      const folder = newRun();
      const child = await start(folder, 'link');
      child.send('result');
      await asleep(child);
      const run = takeOver(folder);
      run.commitResult('t', { json: { by: 'new' }, tensors: new Map() });
      expect(await wake(child)).toBe('OWNER_LOST');
      expect(run.loadResult('t')!.json).toEqual({ by: 'new' });
      run.release();
      expect(verifyRun(folder).problems).toEqual([]);
    });

    test('cannot take a whole checkpoint away, though it had checked before it fell asleep', async () => {
      const folder = newRun();
      const child = await start(folder, 'rename');
      child.send('checkpoint');
      await asleep(child);
      takeOver(folder).release();
      await wake(child);
      const later = openRunFolder(folder);
      expect(['new', 'frozen']).toContain(later.loadCheckpoint('t')!.json.by);
      later.release();
    });
  },
);

test('of 50 processes that start at once exactly one gets the run', async () => {
  const folder = newRun();
  const program = join(import.meta.dirname, '../store/owner-process.mjs');
  const starters = Array.from({ length: ALL ? 50 : 4 }, () => fork(program, [folder]));
  children.push(...starters);
  await Promise.all(starters.map((child) => once(child, 'message')));
  const answers = starters.map(async (child) => (await once(child, 'message'))[0]);
  for (const child of starters) child.send(['open']);
  const codes = (await Promise.all(answers)).map(({ code }) => code ?? 'opened').sort();
  expect(codes.filter((code) => code === 'opened')).toHaveLength(1);
  expect(codes.filter((code) => code === 'RUN_OWNED')).toHaveLength(starters.length - 1);
  count('processes that start at once', starters.length);
});
