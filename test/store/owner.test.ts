import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { attachRunFolder, openRunFolder } from 'dna-nas/core/store';
import { nodeFiles, thisProcess } from 'dna-nas/files';
import { afterEach, describe, expect, test } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { failure, stateOf, temporaryRuns } from './temporary-folder.js';

interface Answer {
  readonly pid: number;
  readonly token?: number;
  readonly tokens?: readonly number[];
  readonly code?: string;
  readonly message?: string;
}

const newRun = temporaryRuns();
const children = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...children].map(kill));
});

async function start(folder: string, count: number): Promise<ChildProcess[]> {
  const program = join(import.meta.dirname, 'owner-process.mjs');
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(program, [folder]);
      children.add(child);
      await once(child, 'message');
      return child;
    }),
  );
}

async function ask(child: ChildProcess, ...request: readonly unknown[]): Promise<Answer> {
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with ${code}.`);
  });
  child.send(request as never);
  const [answer] = await Promise.race([once(child, 'message'), failed]);
  return answer as Answer;
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const elsewhere = { host: 'other-host', pid: 7, started: '1', boot: 'b', namespace: 'n' };
const HOUR = 3_600_000;

describe('processes of one host', () => {
  test('of many that start at once exactly one gets the run, again after each kill', async () => {
    const folder = newRun();
    let contenders = await start(folder, CAMPAIGN ? 12 : 5);
    for (let round = 1; contenders.length > 2; round++) {
      const answers = await Promise.all(contenders.map((child) => ask(child, 'open')));
      const winners = answers.filter((answer) => answer.token !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]!.token).toBe(round);
      for (const loser of answers.filter((answer) => answer.token === undefined)) {
        expect(loser.code).toBe('RUN_OWNED');
        expect(loser.message).toContain(`process ${winners[0]!.pid} on ${hostname()} since `);
      }
      const winner = contenders.find((child) => child.pid === winners[0]!.pid)!;
      await kill(winner);
      contenders = contenders.filter((child) => child !== winner);
    }
  });

  test('never two hold it while it goes from hand to hand', async () => {
    const folder = newRun();
    const contenders = await start(folder, 4);
    const answers = await Promise.all(contenders.map((child) => ask(child, 'contend', 60)));
    const tokens = answers.flatMap((answer) => answer.tokens!);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThan(20);
    const run = openRunFolder(folder);
    const journal = run.readJournal();
    expect(run.journalProblems()).toEqual([]);
    expect(journal).toHaveLength(tokens.length);
    run.release();
  });

  test('no number is taken twice, however many take a dead owner’s run', async () => {
    const folder = newRun();
    const contenders = await start(folder, 4);
    const answers = await Promise.all(contenders.map((child) => ask(child, 'succeed', 60)));
    const tokens = answers.flatMap((answer) => answer.tokens!);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(tokens.length).toBeGreaterThan(60);
  });

  test('a helper writes for the owner and no longer for a former one', async () => {
    const folder = newRun();
    const first = openRunFolder(folder);
    first.writeJson('config', {});
    const [helper] = await start(folder, 1);
    expect(await ask(helper!, 'attach', first.token)).toEqual({ pid: helper!.pid });
    expect(first.loadResult('t')!.json).toEqual({ by: 'helper' });
    first.release();
    expect((await ask(helper!, 'attach', first.token)).code).toBe('OWNER_LOST');
    const second = openRunFolder(folder);
    expect((await ask(helper!, 'attach', first.token)).code).toBe('OWNER_LOST');
    expect((await ask(helper!, 'attach', second.token)).code).toBe('RESULT_EXISTS');
    second.release();
  });

  test('a released run can be opened by the next, with the next number', async () => {
    const folder = newRun();
    const [child] = await start(folder, 1);
    expect((await ask(child!, 'open')).token).toBe(1);
    expect(failure(() => openRunFolder(folder)).code).toBe('RUN_OWNED');
    await ask(child!, 'release');
    const run = openRunFolder(folder);
    expect(run.token).toBe(2);
    expect(run.owner()).toMatchObject({ number: 2, pid: process.pid, host: hostname() });
    run.release();
    run.release();
    expect(run.owner()).toBeUndefined();
  });

  test('the same process cannot open it twice', () => {
    const folder = newRun();
    const run = openRunFolder(folder);
    const error = failure(() => openRunFolder(folder, { takeOver: true }));
    expect(error.code).toBe('RUN_OWNED');
    expect(error.message).toContain(`process ${process.pid} `);
    run.release();
  });

  test.each([
    ['another process with the same pid', { started: '1' }],
    ['before the last boot', { boot: 'before' }],
    ['a pid that is free', { pid: 4_999_999 }],
  ])('an owner that is gone is followed: %s', (_, change) => {
    const folder = newRun();
    openRunFolder(folder, { process: { ...thisProcess(), ...change } });
    const run = openRunFolder(folder);
    expect(run.token).toBe(2);
    run.release();
  });

  test('an owner in another container is not judged by its pid', () => {
    const folder = newRun();
    openRunFolder(folder, { process: { ...thisProcess(), pid: 4_999_999, namespace: 'pid:[1]' } });
    expect(failure(() => openRunFolder(folder)).code).toBe('RUN_OWNED');
    openRunFolder(folder, { takeOver: true }).release();
  });
});

describe('another host', () => {
  test('is refused with host and age until told to take over', () => {
    const folder = newRun();
    openRunFolder(folder, { process: elsewhere, clock: () => Date.now() - 5 * HOUR });
    const error = failure(() => openRunFolder(folder));
    expect(error.code).toBe('RUN_OWNED');
    expect(error.message).toMatch(/process 7 on other-host since \S+Z \(5 hours\)/);
    expect(error.hint).toMatch(/--take-over/);
    const run = openRunFolder(folder, { takeOver: true });
    expect(run.token).toBe(2);
    run.release();
  });

  test('an owner that lost the run writes nothing more', () => {
    const folder = newRun();
    const lost = openRunFolder(folder, { process: elsewhere });
    lost.writeJson('config', {});
    lost.journal({ event: 'started' });
    lost.saveCheckpoint('t', 1, stateOf(1));
    const helper = attachRunFolder(folder, { token: lost.token });
    const run = openRunFolder(folder, { takeOver: true });
    const attempts = [
      () => lost.check(),
      () => lost.journal({ event: 'late' }),
      () => lost.writeJson('ratings', {}),
      () => lost.writeOutput('report.html', ''),
      () => lost.writeTask({ id: 't', stage: 'rank', needs: [], work: 0, input: {} }),
      () => lost.saveCheckpoint('t', 2, stateOf(2)),
      () => lost.commitResult('t', stateOf(2)),
      () => helper.saveCheckpoint('t', 2, stateOf(2)),
      () => helper.commitResult('t', stateOf(2)),
      () => attachRunFolder(folder, { token: lost.token }),
    ];
    for (const attempt of attempts) expect(failure(attempt).code).toBe('OWNER_LOST');
    lost.release();
    expect(run.owner()!.number).toBe(2);
    expect(run.readJournal()).toHaveLength(1);
    expect(run.loadCheckpoint('t')).toEqual(stateOf(1));
    expect(run.hasResult('t')).toBe(false);
    expect(readdirSync(folder).sort()).toEqual([
      'checkpoints',
      'claims',
      'config.json',
      'journal.jsonl',
      'lock',
      'manifest.json',
      'metrics',
      'results',
      'tasks',
    ]);
    run.release();
  });
});

test('where a folder shows files late, a worker of the owner still writes, until the run is taken', () => {
  const folder = newRun();
  openRunFolder(folder).release();
  const run = openRunFolder(folder);
  const isLock = (path: string) => path.endsWith('lock');
  const late = {
    ...nodeFiles,
    readdir: (path: string) => (isLock(path) ? [] : nodeFiles.readdir(path)),
  };
  run.writeJson('config', {});
  const worker = attachRunFolder(folder, { token: run.token, files: late });
  worker.writeJson('ratings', {});
  const next = openRunFolder(folder, { process: elsewhere, takeOver: true });
  const error = failure(() => worker.writeJson('ratings', {}));
  expect(error.code).toBe('OWNER_LOST');
  expect(error.message).toContain(`owner ${next.token} took it from owner ${run.token}`);
  next.release();
});

test('where a folder shows nothing of its owners yet, no number is used twice', () => {
  const folder = newRun();
  const late = {
    ...nodeFiles,
    readdir: (path: string) => (path.endsWith('lock') ? [] : nodeFiles.readdir(path)),
  };
  for (let count = 0; count < 3; count++) openRunFolder(folder).release();
  const run = openRunFolder(folder);
  expect(failure(() => openRunFolder(folder, { files: late })).code).toBe('RUN_OWNED');
  run.release();
  const next = openRunFolder(folder, { files: late });
  expect(next.token).toBe(run.token + 1);
  next.release();
});

test('what a process writes that slept while the run was taken is in no journal', () => {
  const folder = newRun();
  let sleep = () => {};
  const slow = {
    ...nodeFiles,
    write(...given: Parameters<typeof nodeFiles.write>) {
      sleep();
      return nodeFiles.write(...given);
    },
  };
  const run = openRunFolder(folder, { files: slow });
  run.writeJson('config', {});
  run.journal({ event: 'one' });
  let next: ReturnType<typeof openRunFolder> | undefined;
  sleep = () => {
    next = openRunFolder(folder, { process: elsewhere, takeOver: true });
    next.journal({ event: 'two' });
  };
  run.journal({ event: 'lost' });
  expect(failure(() => run.journal({ event: 'lost too' })).code).toBe('OWNER_LOST');
  next!.journal({ event: 'three' });
  next!.release();
  const read = attachRunFolder(folder);
  expect(read.readJournal().map(({ event }) => event)).toEqual(['one', 'two', 'three']);
  expect(read.journalProblems()).toEqual([]);
});

test('a lock that cannot be read is refused until told to take over', () => {
  const folder = newRun();
  mkdirSync(join(folder, 'lock'), { recursive: true });
  writeFileSync(join(folder, 'lock', '3.json'), '{"host":');
  const error = failure(() => openRunFolder(folder));
  expect(error.code).toBe('STORE_CORRUPT');
  expect(error.hint).toMatch(/--take-over/);
  const run = openRunFolder(folder, { takeOver: true });
  expect(run.token).toBe(4);
  run.release();
});

test('of former owners nothing stays but their numbers', () => {
  const folder = newRun();
  for (let count = 0; count < 5; count++) openRunFolder(folder).release();
  const run = openRunFolder(folder);
  expect(readdirSync(join(folder, 'lock')).sort()).toEqual(
    [1, 2, 3, 4, 5, 6].map((number) => `${number}.json`),
  );
  run.release();
});
