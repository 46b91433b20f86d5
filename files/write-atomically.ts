import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { linkFailed, writeFailed } from './errors.js';
import { errorCode, type FileLayer } from './file-layer.js';

/** Ending of files that are still being written; those of dead processes are swept up by the next owner. */
export const TEMPORARY = '.tmp';

let written = 0;

/**
 * Replaces or creates a file in one step: readers find the old bytes or the new ones, also after a crash.
 * @throws DnaError `STORE_DISK_FULL` or `STORE_WRITE_FAILED`; the old file is untouched.
 */
export function writeAtomically(files: FileLayer, path: string, bytes: Uint8Array): void {
  commit(files, path, bytes, (temporary) => files.rename(temporary, path));
}

/**
 * Replaces or creates files of one folder, each in one step, which is made to last once for all of them.
 * @throws DnaError as `writeAtomically`; what was written before stays.
 */
export function writeAllAtomically(
  files: FileLayer,
  folder: string,
  contents: ReadonlyMap<string, Uint8Array>,
): void {
  if (contents.size === 0) return;
  for (const [name, bytes] of contents) {
    const path = join(folder, name);
    place(files, path, bytes, (temporary) => files.rename(temporary, path));
  }
  try {
    files.syncFolder(folder);
  } catch (error) {
    throw writeFailed(folder, 0, error);
  }
}

/**
 * Creates a file that must not exist.
 * @returns false where it does; nothing is changed then.
 * @throws DnaError as `writeAtomically`, or `STORE_NO_LINKS` where the file system has no hard links.
 */
export function createOnce(files: FileLayer, path: string, bytes: Uint8Array): boolean {
  let created = true;
  commit(files, path, bytes, (temporary) => {
    created = linkOnce(files, temporary, path);
    // The second name does no harm: the next owner sweeps it up.
    attempt(() => files.unlink(temporary));
  });
  return created;
}

function linkOnce(files: FileLayer, temporary: string, path: string): boolean {
  try {
    files.link(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      throw linkFailed(path, error);
    }
    throw error;
  }
}

function commit(files: FileLayer, path: string, bytes: Uint8Array, name: (temporary: string) => void): void {
  place(files, path, bytes, (temporary) => {
    name(temporary);
    files.syncFolder(dirname(path));
  });
}

/** Writes a file under a name of its own, whole, and gives it its name. */
function place(files: FileLayer, path: string, bytes: Uint8Array, name: (temporary: string) => void): void {
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${process.pid}-${threadId}-${written++}${TEMPORARY}`,
  );
  try {
    writeWhole(files, temporary, bytes);
    name(temporary);
  } catch (error) {
    attempt(() => files.unlink(temporary));
    throw writeFailed(path, bytes.length, error);
  }
}

/** Creates a file that must not exist, synced and of its whole length. */
export function writeWhole(files: FileLayer, path: string, bytes: Uint8Array): void {
  const descriptor = files.open(path, 'create');
  try {
    writeFully(files, descriptor, bytes);
    files.fsync(descriptor);
  } finally {
    files.close(descriptor);
  }
  const found = files.stat(path).bytes;
  if (found !== bytes.length) throw new Error(`${found} of ${bytes.length} bytes arrived`);
}

/** Goes on after short writes until every byte is written. */
export function writeFully(files: FileLayer, descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    const count = files.write(descriptor, bytes, done);
    if (count <= 0) throw new Error(`the disk took ${done} of ${bytes.length} bytes and no more`);
    done += count;
  }
}

/** Cleaning that may fail without harm. */
export function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // What is left behind is swept up at the next opening.
  }
}
