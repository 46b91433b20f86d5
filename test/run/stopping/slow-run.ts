import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'dna-nas/core';
import { TINY, tinyProject } from '../tiny-run.js';

const PROGRAM = fileURLToPath(new URL('../../../bin/dna.js', import.meta.url));
const PLUGIN = fileURLToPath(new URL('slow-plugin.mjs', import.meta.url));

/** One unit of work in which the process gets a signal. */
export interface SlowUnit {
  readonly place: string;
  /** The how many-eth of its kind, from 1. @default 1 */
  readonly at?: number;
  /** @default 'SIGTERM' */
  readonly signal?: NodeJS.Signals;
  /** The signal comes again, once the first is heard. @default false */
  readonly again?: boolean;
  /** The unit does not end. @default false */
  readonly never?: boolean;
}

/** How a process ended, and the units of work it had begun. */
export interface Ended {
  readonly code: number | null;
  readonly killed: NodeJS.Signals | null;
  readonly err: string;
  readonly before: readonly string[];
  /** Begun after the process had heard the signal. */
  readonly after: readonly string[];
}

/** Several parts of a step, and several batches of a measurement. */
const CONFIG: UserConfig = {
  ...TINY,
  retrain: { ...(TINY.retrain as object), use: 'scratch', microBatch: 8, evaluationBatch: 16 },
};

/** A project whose runs have the plugin that slows a unit. */
export async function slowProject(changes: UserConfig = {}): Promise<string> {
  const folder = await tinyProject();
  const config = { ...CONFIG, ...changes };
  writeFileSync(join(folder, 'dna.config.json'), JSON.stringify(config));
  copyFileSync(PLUGIN, join(folder, 'slow-plugin.mjs'));
  return folder;
}

/** `dna …` in a process of its own. Once it says that it is stopping, the slow unit may end. */
export function dna(folder: string, words: readonly string[], slow?: SlowUnit): Promise<Ended> {
  const [heard, units] = ['heard', 'units.log'].map((name) => join(folder, name));
  for (const file of [heard!, units!]) rmSync(file, { force: true });
  const env = { ...process.env, ...(slow && { DNA_TEST_SLOW: JSON.stringify(slow) }) };
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
    if (err.includes('Stopping: ')) writeFileSync(heard!, '');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, killed) => {
      const lines = existsSync(units!) ? readFileSync(units!, 'utf8').trim().split('\n') : [];
      const [signal, hear] = [lines.indexOf('signal'), lines.indexOf('heard')];
      const before = signal < 0 ? lines : lines.slice(0, signal);
      const after = hear < 0 ? [] : lines.slice(hear + 1);
      if (lines.includes('deaf')) reject(new Error(`The process did not hear the signal: ${err}`));
      else resolve({ code, killed, err, before, after });
    });
  });
}
