import { existsSync, renameSync, rmSync } from 'node:fs';
import { partial } from 'dna-nas/files';

/** Puts a folder that was made beside it in the place of another. */
export function replaceFolder(folder: string, made: string): void {
  const old = partial(`${folder}-old`);
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(made, folder);
  rmSync(old, { recursive: true, force: true });
}
