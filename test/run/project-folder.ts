import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterFile } from '../after-file.js';

/** A disk in memory, as most Linux systems have it. */
const IN_MEMORY = '/dev/shm';
const LEAST_BYTES = 2 ** 29;

/**
 * A fresh folder that goes when the file of tests is done. A tiny run syncs hundreds of small files, for which it
 * would wait longer than it computes; so the folder is in memory where there is room.
 */
export function projectFolder(prefix: string): string {
  const folder = mkdtempSync(join(place(), prefix));
  afterFile(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function place(): string {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    return process.platform === 'linux' && bavail * bsize >= LEAST_BYTES ? IN_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
