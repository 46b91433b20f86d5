import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { attachRunFolder, type ClaimOptions, openRunFolder } from 'dna-nas/core/store';
import { thisProcess } from 'dna-nas/files';
import { verifyRun } from 'dna-nas/run-tools/runs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failure, stateOf, temporaryRuns } from './temporary-folder.js';

const newRun = temporaryRuns();
const children = new Set<ChildProcess>();
let folder: string;

beforeEach(() => {
  folder = newRun();
  const run = openRunFolder(folder);
  run.writeJson('config', {});
  run.release();
});

afterEach(async () => {
  await Promise.all([...children].map(kill));
});

async function start(host?: string, leaseSeconds = 60): Promise<ChildProcess> {
  const env = { ...process.env, ...(host && { DNA_HOST: host }) };
  const child = fork(join(import.meta.dirname, 'claim-process.mjs'), [folder, String(leaseSeconds)], { env });
  children.add(child);
  await once(child, 'message');
  return child;
}

async function ask(child: ChildProcess, ...request: readonly unknown[]): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(request as never);
  return (await answer)[0];
}

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const on = (host: string) => ({ ...thisProcess(), host });

/** Claims of this process as one of another host, whose timer does not run. */
function claimsOf(host: string, options: ClaimOptions = {}) {
  return attachRunFolder(folder).openClaims({ process: on(host), renewing: false, ...options });
}

describe('processes of one host', () => {
  test('work on different tasks of one run at the same time, beside its owner', async () => {
    const run = openRunFolder(folder);
    const [first, second] = [await start(), await start()];
    expect(await ask(first, 'take', 'a')).toBe(1);
    expect(await ask(second, 'take', 'b')).toBe(1);
    expect(await ask(first, 'result', 'a')).toBe('done');
    expect(await ask(second, 'checkpoint', 'b', 3)).toBe('done');
    run.journal({ event: 'meanwhile' });
    expect(run.resultIds()).toEqual(['a']);
    expect(run.loadCheckpoint('b')!.json.step).toBe(3);
    run.release();
  });

  test('of many that want a task one gets it, and after its death the next', async () => {
    let contenders = await Promise.all(Array.from({ length: 5 }, () => start()));
    for (let round = 1; round <= 3; round++) {
      const answers = await Promise.all(contenders.map((child) => ask(child, 'take', 'a')));
      expect(answers.filter((answer) => answer === round)).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'held')).toHaveLength(contenders.length - 1);
      const winner = contenders[answers.indexOf(round)]!;
      expect(await ask(winner, 'checkpoint', 'a', round)).toBe('done');
      await kill(winner);
      contenders = contenders.filter((child) => child !== winner);
    }
    expect(attachRunFolder(folder).loadCheckpoint('a')!.json.step).toBe(3);
  });

  test('a task is known by its claimant until it is released', async () => {
    const child = await start();
    await ask(child, 'take', 'a');
    expect(attachRunFolder(folder).claimant('a')).toMatchObject({ number: 1, pid: child.pid });
    const claims = attachRunFolder(folder).openClaims({});
    expect(claims.take('a')).toMatchObject({ state: 'held', alive: true, owner: { pid: child.pid } });
    await ask(child, 'release', 'a');
    expect(attachRunFolder(folder).claimant('a')).toBeUndefined();
    expect(claims.take('a')).toEqual({ state: 'taken', number: 2 });
    claims.close();
  });

  test('a task that has a result is not claimed', async () => {
    const claims = attachRunFolder(folder).openClaims({});
    claims.take('a');
    attachRunFolder(folder)
      .claimedTasks(claims.numbers(['a']))
      .commitResult('a', stateOf(1));
    claims.close();
    expect(claims.take('a')).toEqual({ state: 'finished' });
  });
});

describe('another host', () => {
  test('takes a task whose lease was not renewed while it watched, and not before', () => {
    let now = 1_000;
    const dead = claimsOf('host-a', { leaseSeconds: 30, clock: () => Date.now() + 7_200_000 });
    expect(dead.take('a').state).toBe('taken');
    const claims = claimsOf('host-b', { watch: () => now });
    for (const second of [0, 10, 29.9]) {
      now = 1_000 + 1000 * second;
      expect(claims.take('a')).toMatchObject({ state: 'held', alive: false, owner: { host: 'host-a' } });
    }
    now = 31_000;
    expect(claims.take('a')).toEqual({ state: 'taken', number: 2 });
  });

  test('leaves a task to a process that renews its lease, and sees that it lives', async () => {
    let now = 0;
    const child = await start('host-a', 0.3);
    expect(await ask(child, 'take', 'a')).toBe(1);
    const claims = claimsOf('host-b', { watch: () => now });
    let alive = false;
    // Whenever a lease would be over by the watcher's clock, it was renewed meanwhile.
    for (let looks = 0; looks < 8; looks++) {
      const before = renewal();
      while (renewal() === before) await pause(5);
      now += 290;
      const claiming = claims.take('a');
      expect(claiming.state).toBe('held');
      if (claiming.state === 'held') alive = claiming.alive;
    }
    expect(alive).toBe(true);
    await kill(child);
    now += 100;
    claims.take('a');
    now += 300;
    expect(claims.take('a')).toEqual({ state: 'taken', number: 2 });
  });

  const renewal = () => {
    const path = join(folder, 'claims/a/1.renewed');
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };

  test('takes it at once when told to', () => {
    claimsOf('host-a').take('a');
    expect(claimsOf('host-b').take('a').state).toBe('held');
    expect(claimsOf('host-b', { takeOver: true }).take('a')).toEqual({ state: 'taken', number: 2 });
  });

  test('a process that lost its task writes nothing more of it', () => {
    const lost = claimsOf('host-a');
    for (const task of ['a', 'b']) lost.take(task);
    const store = attachRunFolder(folder).claimedTasks(lost.numbers(['a', 'b']));
    store.saveCheckpoint('a', 1, stateOf(1));
    const claims = claimsOf('host-b', { takeOver: true });
    claims.take('a');
    const before = readdirSync(folder, { recursive: true }).sort();
    for (const attempt of [
      () => store.saveCheckpoint('a', 2, stateOf(2)),
      () => store.commitResult('a', stateOf(2)),
      () => store.commitResult('a-best', stateOf(2)),
      () => lost.journal('a', { event: 'late' }),
    ])
      expect(failure(attempt)).toMatchObject({ code: 'CLAIM_LOST', exitCode: 75 });
    lost.release('a');
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    expect(attachRunFolder(folder).claimant('a')!.number).toBe(2);
    store.commitResult('b', stateOf(2));
    expect(verifyRun(folder).problems).toEqual([]);
  });
});

describe('claims of the run’s owner', () => {
  test('end with its hold on the run', () => {
    const former = openRunFolder(folder, { process: on('host-a') });
    const claims = former.openClaims({ process: on('host-a'), renewing: false });
    claims.take('a');
    const store = former.claimedTasks(claims.numbers(['a']));
    const other = claimsOf('host-b');
    expect(other.take('a').state).toBe('held');
    const run = openRunFolder(folder, { takeOver: true });
    expect(failure(() => store.saveCheckpoint('a', 1, stateOf(1))).code).toBe('OWNER_LOST');
    const next = run.openClaims({ renewing: false });
    expect(next.take('a')).toEqual({ state: 'taken', number: 2 });
    next.close();
    run.release();
  });

  test('a run is opened without harm to what other processes are writing', () => {
    const claims = claimsOf('host-a');
    claims.take('a');
    const names = [
      'checkpoints/a/.1.tmp',
      'results/.a.safetensors.7-0-1.tmp',
      'results/.b.safetensors.7-0-2.tmp',
    ];
    mkdirSync(join(folder, 'checkpoints/a'));
    for (const name of names) writeFileSync(join(folder, name), '');
    openRunFolder(folder).release();
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([true, true, false]);
    claims.release('a');
    openRunFolder(folder).release();
    expect(names.map((name) => existsSync(join(folder, name)))).toEqual([false, false, false]);
  });
});

describe.skipIf(process.platform !== 'linux')(
  'a process that was stopped and wakes after its task was taken',
  () => {
    test.each(['checkpoint', 'result', 'journal'])('cannot write a %s', async (what) => {
      const child = await start('host-a', 0.3);
      expect(await ask(child, 'take', 'a')).toBe(1);
      expect(await ask(child, 'checkpoint', 'a', 1)).toBe('done');
      child.kill('SIGSTOP');
      await asleep(child);
      let now = 0;
      const claims = claimsOf('host-b', { watch: () => now });
      expect(claims.take('a').state).toBe('held');
      now = 300;
      expect(claims.take('a')).toEqual({ state: 'taken', number: 2 });
      const store = attachRunFolder(folder).claimedTasks(claims.numbers(['a']));
      store.saveCheckpoint('a', 5, stateOf(5));
      const answer = once(child, 'message');
      child.send([what, 'a', 2]);
      child.kill('SIGCONT');
      expect((await answer)[0]).toBe('CLAIM_LOST');
      expect(store.loadCheckpoint('a')).toEqual(stateOf(5));
      expect(store.hasResult('a')).toBe(false);
      expect(await ask(child, 'take', 'b')).toBe(1);
      expect(attachRunFolder(folder).claimant('a')).toMatchObject({ number: 2, host: 'host-b' });
      expect(verifyRun(folder).problems).toEqual([]);
    });
  },
);

async function asleep({ pid }: ChildProcess): Promise<void> {
  for (;;) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
    await pause(10);
  }
}
