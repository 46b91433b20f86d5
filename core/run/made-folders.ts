import { existsSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { attempt } from 'dna-nas/files';
import type { RunFolder } from '../store/index.js';
import { forgetOptions } from './remembered-options.js';

/** Folders that are missing for a run's folder to be, the run's own first; none where it is there. */
export function missingFolders(path: string): readonly string[] {
  return existsSync(path) ? [] : [path, ...missingFolders(dirname(path))];
}

/**
 * Removes a run's folder that this start has made and in which no work was begun, as if the run had not been started.
 * It is removed while this process owns it. False where it stays.
 * @param made what was missing before
 */
export function removeMade(folder: RunFolder, made: readonly string[]): boolean {
  if (made.length === 0 || folder.taskIds().length > 0) return false;
  folder.close();
  forgetOptions(folder.path);
  attempt(() => rmSync(folder.path, { recursive: true, force: true }));
  // What others have put into the folders above meanwhile stays.
  attempt(() => {
    for (const above of made.slice(1)) rmdirSync(above);
  });
  return true;
}
