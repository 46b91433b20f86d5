import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigRequest } from 'dna-nas/configuration';
import { runTask } from 'dna-nas/core/work';
import { launchRun } from 'dna-nas/run-tools/launch';
import { listTasks } from 'dna-nas/run-tools/runs';
import { afterEach, beforeEach } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

const FAKE_SLURM = fileURLToPath(new URL('./fake-slurm', import.meta.url));

export const folderOf = (project: string) => join(project, 'runs/tiny');
export const filesOf = (project: string, launch: number) =>
  join(project, 'runs/.launch/tiny', String(launch));
export const textOf = (project: string, launch: number, name: string) =>
  readFileSync(join(filesOf(project, launch), name), 'utf8');

/** A project whose run is launched with some settings, in this thread as far as it computes here. */
export async function launched(settings: readonly string[], changes: Partial<ConfigRequest> = {}) {
  const project = changes.project ?? (await tinyProject());
  const again = () => launchRun(tinyRequest(project, { set: [...settings], ...changes }), { inline: true });
  return { project, again, ...(await again()) };
}

/** Executes tasks of a run in this thread, as jobs do in theirs. */
export async function execute(project: string, ids: readonly string[]): Promise<void> {
  for (const task of ids) await runTask({ folder: folderOf(project), task, project, inline: true });
}

/** Ids of tasks without a result, in the order of their stages. */
export function openTasks(project: string): string[] {
  return listTasks(folderOf(project))
    .tasks.filter(({ state }) => state !== 'finished')
    .map(({ id }) => id);
}

/** Slurm's commands, put in place of the real ones for each test of a file. */
export function useFakeSlurm() {
  let state = '';
  const before = { PATH: process.env.PATH, FAKE_SLURM: process.env.FAKE_SLURM };
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'fake-slurm-'));
    Object.assign(process.env, { PATH: `${FAKE_SLURM}:${before.PATH}`, FAKE_SLURM: state });
  });
  afterEach(() => {
    rmSync(state, { recursive: true });
    process.env.PATH = before.PATH;
    if (before.FAKE_SLURM === undefined) delete process.env.FAKE_SLURM;
  });
  const file = (name: string) => join(state, name);
  return {
    /** What a command was called with, or keeps. */
    read: (name: string) => readFileSync(file(name), 'utf8').trim(),
    write: (name: string, text: string) => writeFileSync(file(name), text),
    has: (name: string) => readdirSync(state).includes(name),
    /** Words of every sbatch so far, by the id that it gave. */
    submitted: () =>
      Object.fromEntries(
        readdirSync(state)
          .filter((name) => name.endsWith('.call'))
          .map((name) => [name.slice(0, -'.call'.length), readFileSync(file(name), 'utf8').trim()]),
      ),
    /** Slurm forgets jobs, or some lines of them. */
    forget: (lines: RegExp = /./) =>
      writeFileSync(
        file('queue'),
        readFileSync(file('queue'), 'utf8')
          .split('\n')
          .filter((line) => !lines.test(line))
          .join('\n'),
      ),
    withoutCommands: () => {
      process.env.PATH = join(state, 'nothing');
    },
    /** A path on which one of the commands is not. */
    pathWithout(command: string): string {
      const folder = file('some');
      mkdirSync(folder);
      const others = readdirSync(FAKE_SLURM).filter((name) => name !== command);
      for (const name of others) symlinkSync(join(FAKE_SLURM, name), join(folder, name));
      for (const name of ['sed', 'ls', 'cksum', 'cat'])
        symlinkSync(join('/usr/bin', name), join(folder, name));
      return folder;
    },
  };
}
