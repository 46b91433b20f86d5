import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { thisProcess } from 'dna-nas/files';
import { listTasks, verifyRun } from 'dna-nas/run-tools/runs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { inCampaign } from '../faults/extent.js';
import {
  asleep,
  elsewhere,
  folderOf,
  INLINE,
  layOut,
  noticing,
  on,
  RESULT,
  ready,
  sharedProject,
  start,
  task,
  trained,
} from './shared-run.js';
import { resultsOf } from './tiny-run.js';

// Processes that start one after the other take long on a machine that has much to do.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

let whole: Record<string, unknown>;

beforeAll(async () => {
  const project = await sharedProject();
  await start(project);
  whole = resultsOf(project);
});

describe('tasks that are laid out', () => {
  it('are executed anywhere, in any order that their needs allow, to the bits of one process', async () => {
    const project = await sharedProject();
    expect(await layOut(project)).toBeUndefined();
    const first = listTasks(folderOf(project));
    expect(first).toMatchObject({ run: 'tiny', complete: false });
    expect(first.tasks.map(({ id, state }) => [id, state])).toEqual([
      ...['train-b1-c1', 'train-b1-c2', 'train-b2-c1', 'train-b2-c2'].map((id) => [id, 'ready']),
      ...['rate-b1-c1', 'rate-b1-c2', 'rate-b2-c1', 'rate-b2-c2'].map((id) => [id, 'waiting']),
    ]);
    // Two machines at a time; the first task of all is computed in a worker thread. A cell is rated while others are not
    // trained yet.
    let threads = 1;
    for (let now = ready(project); now.length > 0; now = ready(project)) {
      const some = now.reverse().slice(0, 2);
      const machine = (index: number) => ({ process: on(`host-${index}`), inline: threads-- <= 0 });
      await Promise.all(some.map((id, index) => task(project, id, machine(index))));
    }
    expect(await layOut(project)).toBeUndefined();
    const second = ready(project);
    expect(second).toEqual(['evaluate-teacher', 'retrain-found', 'retrain-random']);
    for (const id of second) await task(project, id);
    // There is nothing left to be laid out: the run ends.
    expect(await layOut(project)).toBeDefined();
    expect(listTasks(folderOf(project)).complete).toBe(true);
    expect(resultsOf(project)).toEqual(whole);
    expect(verifyRun(folderOf(project))).toMatchObject({ problems: [], unknown: [] });
  });

  inCampaign('are the same as those of a run that executes them', async () => {
    const [laidOut, executed] = [await sharedProject(), await sharedProject()];
    await layOut(laidOut);
    await start(executed, { ...INLINE, until: 'rank' });
    const tasks = (project: string) => {
      const folder = attachRunFolder(folderOf(project));
      return folder.taskIds().map((id) => folder.readTask(id));
    };
    expect(tasks(laidOut)).toEqual(tasks(executed));
  });

  it('say what they wait for', async () => {
    const project = await sharedProject();
    await layOut(project);
    await expect(task(project, 'rate-b1-c1')).rejects.toMatchObject({
      code: 'TASK_NOT_READY',
      exitCode: 75,
      message: 'Task rate-b1-c1 needs a result that is not there yet: train-b1-c1.',
    });
    const claims = attachRunFolder(folderOf(project)).openClaims({});
    claims.take('train-b1-c1');
    await expect(task(project, 'rate-b1-c1')).rejects.toThrow(
      `train-b1-c1 (claimed by process ${process.pid} on `,
    );
    claims.close();
  });

  it('are not executed where data, teacher or numerics are others', async () => {
    const project = await sharedProject();
    await layOut(project);
    const folder = openRunFolder(folderOf(project));
    folder.writeJson('identity', { ...(folder.readJson('identity') as object), numerics: 'of a GPU' });
    folder.release();
    await expect(task(project, 'train-b1-c1')).rejects.toMatchObject({
      code: 'RUN_DIFFERS',
      message: expect.stringContaining('numerics: "of a GPU" in the run'),
    });
    expect(ready(project)).toContain('train-b1-c1');
  });
});

describe('two processes', () => {
  inCampaign('execute two tasks of a run at the same time', async () => {
    const project = await sharedProject();
    await layOut(project);
    const stopped = elsewhere(project, 'train-b1-c1', { host: 'host-a', signal: 'SIGSTOP 3' });
    await asleep(stopped.child);
    await task(project, 'train-b2-c1', { process: on('host-b') });
    expect(listTasks(folderOf(project)).tasks.slice(0, 3)).toMatchObject([
      { id: 'train-b1-c1', state: 'claimed', claimant: { host: 'host-a', pid: stopped.child.pid } },
      { id: 'train-b1-c2', state: 'ready' },
      { id: 'train-b2-c1', state: 'finished' },
    ]);
    stopped.child.kill('SIGCONT');
    expect(await stopped.ended).toMatchObject({ code: 0 });
    expect(ready(project)).toEqual(['train-b1-c2', 'train-b2-c2', 'rate-b1-c1', 'rate-b2-c1']);
  });

  inCampaign('do not execute the same task: the second says who has it', async () => {
    const project = await sharedProject();
    await layOut(project);
    const claims = attachRunFolder(folderOf(project)).openClaims({});
    claims.take('train-b1-c1');
    await expect(task(project, 'train-b1-c1')).rejects.toMatchObject({
      code: 'TASK_CLAIMED',
      exitCode: 75,
      message: expect.stringContaining(
        `is claimed by process ${process.pid} on ${thisProcess().host} since `,
      ),
    });
    claims.close();
    const other = attachRunFolder(folderOf(project)).openClaims({ process: on('host-a'), leaseSeconds: 1 });
    other.take('train-b1-c1');
    const noticed: string[] = [];
    // A process of another host is watched, until it shows life.
    await expect(
      task(project, 'train-b1-c1', { noticed: (text) => noticed.push(text) }),
    ).rejects.toMatchObject({ code: 'TASK_CLAIMED', message: expect.stringContaining(' on host-a since ') });
    expect(noticed).toEqual([
      expect.stringMatching(/^Task train-b1-c1 is claimed by process .* within 1 seconds\.$/),
    ]);
    other.close();
  });
});

describe.skipIf(process.platform === 'win32')('a machine that is lost', () => {
  it('has its task taken over once its lease is over, from its last checkpoint', async () => {
    const project = await sharedProject();
    await layOut(project);
    const killed = elsewhere(project, 'train-b1-c1', { host: 'host-a', signal: 'SIGKILL 8' });
    expect(await killed.ended).toMatchObject({ killed: 'SIGKILL' });
    expect(attachRunFolder(folderOf(project)).claimant('train-b1-c1')).toMatchObject({
      host: 'host-a',
      leaseSeconds: 1,
    });
    await task(project, 'train-b1-c1', { process: on('host-b') });
    expect(trained(project)).toBe(whole[RESULT]);
  });

  inCampaign('that comes back writes nothing of a task that it has lost', async () => {
    const project = await sharedProject();
    await layOut(project);
    const late = elsewhere(project, 'train-b1-c1', { host: 'host-a', signal: 'SIGSTOP 8' });
    await asleep(late.child);
    await task(project, 'train-b1-c1', { process: on('host-b'), takeOver: true });
    late.child.kill('SIGCONT');
    const { code, err } = await late.ended;
    expect(code).toBe(75);
    expect(err).toContain('CLAIM_LOST');
    expect(trained(project)).toBe(whole[RESULT]);
    expect(verifyRun(folderOf(project)).problems).toEqual([]);
    expect(attachRunFolder(folderOf(project)).loadCheckpoint('train-b1-c1')).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('a run whose tasks others execute', () => {
  const journal = (project: string) => attachRunFolder(folderOf(project)).readJournal();
  const lease = { host: 'host-a', signal: 'SIGSTOP 3', leaseSeconds: 600 };

  it('says whom it waits for, and goes on with what they give', async () => {
    const project = await sharedProject();
    await layOut(project);
    const late = elsewhere(project, 'train-b1-c1', lease);
    await asleep(late.child);
    const texts = noticing((text) => text.startsWith('Other processes') && late.child.kill('SIGCONT'));
    await start(project, { ...INLINE, until: 'distill' });
    const waiting = `train-b1-c1 by process ${late.child.pid} on host-a since `;
    const others = texts().filter((text) => !text.startsWith('The teacher'));
    expect(others).toEqual([expect.stringContaining(`Other processes work on what is left:\n  ${waiting}`)]);
    expect(await late.ended).toMatchObject({ code: 0 });
    expect(journal(project)).toContainEqual(
      expect.objectContaining({ event: 'doneElsewhere', tasks: ['train-b1-c1'] }),
    );
    expect(trained(project)).toBe(whole[RESULT]);
  });

  inCampaign('takes over what they leave', async () => {
    const project = await sharedProject();
    await layOut(project);
    const killed = elsewhere(project, 'train-b1-c1', { host: 'host-a', signal: 'SIGKILL 3' });
    await killed.ended;
    await start(project, { ...INLINE, until: 'distill' }, { set: ['leaseSeconds=7'] });
    expect(readFileSync(join(folderOf(project), 'claims/train-b1-c2/1.json'), 'utf8')).toContain(
      '"leaseSeconds":7,',
    );
    expect(journal(project).filter(({ event }) => event === 'doneElsewhere')).toEqual([]);
    expect(trained(project)).toBe(whole[RESULT]);
  });

  inCampaign('can be stopped while it waits', async () => {
    const project = await sharedProject();
    await layOut(project);
    const late = elsewhere(project, 'train-b1-c1', lease);
    await asleep(late.child);
    const stop = new AbortController();
    noticing((text) => text.startsWith('Other processes') && stop.abort());
    await expect(start(project, { ...INLINE, signal: stop.signal })).rejects.toMatchObject({
      code: 'STOPPED',
    });
    expect(ready(project)).toEqual(['rate-b1-c2', 'rate-b2-c1', 'rate-b2-c2']);
  });

  inCampaign('leaves to them what they have when its stages are tasks apart', async () => {
    const project = await sharedProject();
    await start(project, { ...INLINE, until: 'distill' });
    await layOut(project);
    const other = attachRunFolder(folderOf(project)).openClaims({ process: on('host-a'), leaseSeconds: 1 });
    other.take('rate-b1-c1');
    // The moment that the run has nothing else to do, the other one gives up.
    noticing((text) => text.startsWith('Other processes') && other.close());
    await start(project);
    expect(resultsOf(project)).toEqual(whole);
  });
});
