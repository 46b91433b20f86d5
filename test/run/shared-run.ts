import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ConfigRequest, run } from 'dna-nas/configuration';
import type { RunOptions } from 'dna-nas/core/run';
import { runTask, type TaskRequest } from 'dna-nas/core/work';
import { thisProcess } from 'dna-nas/files';
import { listTasks } from 'dna-nas/run-tools/runs';
import { afterEach } from 'vitest';
import { startDna } from '../cli/dna-process.js';
import { tinyProject, tinyRequest } from './tiny-run.js';

const PLUGIN = fileURLToPath(new URL('./signal-plugin.mjs', import.meta.url));
export const INLINE = { inline: true };
export const RESULT = 'train-b1-c1.safetensors';

export const folderOf = (project: string) => join(project, 'runs/tiny');
export const on = (host: string) => ({ ...thisProcess(), host });
const children: ChildProcess[] = [];

afterEach(() => {
  process.removeAllListeners('dna-test-noticed' as never);
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A project whose runs have a plugin that sends a signal where it is asked to. */
export async function sharedProject(): Promise<string> {
  const project = await tinyProject();
  copyFileSync(PLUGIN, join(project, 'signal-plugin.mjs'));
  return project;
}

export function start(project: string, options: RunOptions = INLINE, changes: Partial<ConfigRequest> = {}) {
  return run(tinyRequest(project, { plugins: ['./signal-plugin.mjs'], ...changes }), options);
}

export const layOut = (project: string) => start(project, { ...INLINE, layOut: true });

export function task(project: string, id: string, changes: Partial<TaskRequest> = {}): Promise<void> {
  return runTask({ folder: folderOf(project), task: id, project, ...INLINE, ...changes });
}

/** Ids of the tasks that can be executed now. */
export function ready(project: string): string[] {
  return listTasks(folderOf(project))
    .tasks.filter(({ state }) => state === 'ready')
    .map(({ id }) => id);
}

/** `dna task` as another machine executes it. */
export function elsewhere(
  project: string,
  id: string,
  { host, signal = '', leaseSeconds = 1 }: { host: string; signal?: string; leaseSeconds?: number },
) {
  const set = ['checkpointSeconds=0.001', `leaseSeconds=${leaseSeconds}`].flatMap((one) => ['--set', one]);
  const words = ['task', folderOf(project), id, ...set];
  const env = { DNA_HOST: host, DNA_TEST_SIGNAL: signal };
  const started = startDna(words, { folder: project, env });
  children.push(started.child);
  return started;
}

/** SHA-256 of what the task gave that others had. */
export function trained(project: string): string {
  return createHash('sha256')
    .update(readFileSync(join(folderOf(project), 'results', RESULT)))
    .digest('hex');
}

/** What runs notice from now on, and what is done at each. */
export function noticing(listener: (text: string) => unknown): () => readonly string[] {
  const texts: string[] = [];
  process.on(
    'dna-test-noticed' as never,
    ((text: string) => {
      texts.push(text);
      listener(text);
    }) as never,
  );
  return () => texts;
}

export async function asleep({ pid }: ChildProcess): Promise<void> {
  for (;;) {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return;
    await pause(10);
  }
}
