import { statSync } from 'node:fs';

/** Whether a path leads to a folder, through links too. */
export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
