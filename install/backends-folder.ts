import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodeFiles, writeAtomically } from 'dna-nas/files';
import { folderBytes } from './folder-bytes.js';

const RECORD = 'installed.json';

/** Folder of all installed backends: `$DNA_BACKENDS`, else below the user's data folder. */
export function backendsFolder(): string {
  const { DNA_BACKENDS, XDG_DATA_HOME } = process.env;
  const data = XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return resolve(DNA_BACKENDS || join(data, 'dna-nas', 'backends'));
}

/** What a backend's `installed.json` says; undefined where there is none, or none that can be read. */
export function readRecord(home: string): unknown {
  const file = join(home, RECORD);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The last step of an installation: what is not written down is not installed. */
export function writeRecord(record: object, home: string): void {
  writeAtomically(nodeFiles, join(home, RECORD), Buffer.from(`${JSON.stringify(record, null, 2)}\n`));
}

/**
 * Removes those entries of a backend's folder whose names match, and the folder where nothing else is in it.
 * Returns the bytes that it took; undefined where there was none.
 */
export function removeInstalled(home: string, ours: RegExp): number | undefined {
  const names = existsSync(home) ? readdirSync(home).filter((name) => ours.test(name)) : [];
  if (names.length === 0) return undefined;
  const bytes = folderBytes(home);
  // First what says that it is there: broken off in between, nothing half removed is taken for whole.
  const ordered = [...names].sort((a) => (a === RECORD ? -1 : 1));
  for (const name of ordered) rmSync(join(home, name), { recursive: true, force: true });
  if (readdirSync(home).length === 0) rmdirSync(home);
  return bytes;
}
