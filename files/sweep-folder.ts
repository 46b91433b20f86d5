import type { Disk } from './disk.js';
import { attempt, TEMPORARY } from './write-atomically.js';

/**
 * Cleans a folder after processes that were killed: names that may not last yet are made to, temporary files are
 * removed. Those that `isLeft` says no to may be another process's, which is writing them.
 */
export function sweepFolder(
  disk: Disk,
  folder: string,
  isLeft: (name: string) => boolean = () => true,
): void {
  disk.syncFolder(folder);
  for (const name of disk.list(folder)) {
    if (!name.startsWith('.') || !name.endsWith(TEMPORARY) || !isLeft(name)) continue;
    attempt(() => disk.files.unlink(disk.path(`${folder}/${name}`)));
  }
}
