import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { attempt, isPlainObject, thisProcess } from 'dna-nas/files';
import type { JsonObject } from '../plugin/plugin.js';
import { SLOTS } from '../plugin/slots.js';

/** Beside the run folders, for they hold nothing of a machine and can be copied as they are. */
const MEMORY = '.machine';

interface Memory {
  /** Absolute: what relative paths among the options start from. */
  readonly project: string;
  readonly options: JsonObject;
}

/** A run's folder, and the project that commands on it are given in. */
export interface RunLocation {
  readonly folder: string;
  readonly project: string;
}

/**
 * Keeps what this machine's plugins were told for a run, such as where its data is, so that later commands on the run
 * need not be told again. Failing to is no loss.
 * @param machine Options of kind `machine` by dotted path.
 */
export function rememberOptions({ folder, project }: RunLocation, machine: JsonObject): void {
  const options = Object.fromEntries(Object.entries(machine).filter(([path]) => isOfSlot(path)));
  const file = memoryFile(folder);
  try {
    rmSync(file, { force: true });
    if (Object.keys(options).length === 0) return;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify({ project, options } satisfies Memory, undefined, 2)}\n`);
  } catch {
    // A folder that is read-only here: the next command is told by its user.
  }
}

/** Forgets what was kept for a run on this machine, and leaves no empty folder behind. */
export function forgetOptions(folder: string): void {
  const file = memoryFile(folder);
  const host = dirname(file);
  attempt(() => {
    rmSync(file, { force: true });
    for (const above of [host, dirname(host)]) rmdirSync(above);
  });
}

/** What was kept for a run by a command in the same project on this machine; nothing where that cannot be read. */
export function rememberedOptions({ folder, project }: RunLocation): JsonObject {
  const file = memoryFile(folder);
  if (!existsSync(file)) return {};
  try {
    const memory: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (!isPlainObject(memory) || memory.project !== project || !isPlainObject(memory.options)) return {};
    return Object.fromEntries(
      Object.entries(memory.options).filter(([path]) => isOfSlot(path)),
    ) as JsonObject;
  } catch {
    return {};
  }
}

function memoryFile(folder: string): string {
  const path = resolve(folder);
  return join(dirname(path), MEMORY, thisProcess().host, `${basename(path)}.json`);
}

/** Of a plugin in a slot: the run's own, as its number of workers, are for each command to say. */
function isOfSlot(path: string): boolean {
  const slots = Object.keys(SLOTS);
  return slots.some((slot) => path.startsWith(`${slot}.`));
}
