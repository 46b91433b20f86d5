import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { UserConfig } from 'dna-nas/configuration';
import { type Ended, startDna } from '../../cli/dna-process.js';
import { TINY, tinyProject } from '../tiny-run.js';

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
export interface EndedUnits extends Ended {
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
export async function dna(folder: string, words: readonly string[], slow?: SlowUnit): Promise<EndedUnits> {
  const [heard, units] = ['heard', 'units.log'].map((name) => join(folder, name));
  for (const file of [heard!, units!]) rmSync(file, { force: true });
  const { ended } = startDna(words, {
    folder,
    ...(slow && { env: { DNA_TEST_SLOW: JSON.stringify(slow) } }),
    onError: (err) => {
      if (err.includes('Stopping: ')) writeFileSync(heard!, '');
    },
  });
  const end = await ended;
  const lines = existsSync(units!) ? readFileSync(units!, 'utf8').trim().split('\n') : [];
  if (lines.includes('deaf')) throw new Error(`The process did not hear the signal: ${end.err}`);
  const [signal, hear] = [lines.indexOf('signal'), lines.indexOf('heard')];
  const before = signal < 0 ? lines : lines.slice(0, signal);
  const after = hear < 0 ? [] : lines.slice(hear + 1);
  return { ...end, before, after };
}
