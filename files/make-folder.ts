import { dirname } from 'node:path';
import { errorCode, type FileLayer } from './file-layer.js';

/** Makes a folder and those above it, and makes their names last. Those that are there already will do. */
export function makeFolder(files: FileLayer, path: string): void {
  try {
    makeOne(files, path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(files, dirname(path));
    // Not by recursion: where nothing can be made, as below /proc, the answer stays the same.
    makeOne(files, path);
  }
  files.syncFolder(dirname(path));
}

/** One that is there already will do; it is synced all the same. */
function makeOne(files: FileLayer, path: string): void {
  try {
    files.mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}
