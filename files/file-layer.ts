import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';

/** How a file is opened: a new one that must not exist yet, or at the end of one that may exist. */
export type OpenMode = 'create' | 'append';

/**
 * Every operation on a disk that a run folder needs, so that a test can make each fail. Synchronous; failures are
 * Node's errors with `code` (`ENOENT`, `EEXIST`, `ENOSPC`, …).
 */
export interface FileLayer {
  /** Descriptor of a file open for writing. */
  open(path: string, mode: OpenMode): number;
  /** Number of bytes written, which may be fewer than asked. */
  write(descriptor: number, bytes: Uint8Array, offset: number): number;
  truncate(descriptor: number, length: number): void;
  fsync(descriptor: number): void;
  close(descriptor: number): void;
  /** Makes creations, renames and removals in a folder last. */
  syncFolder(path: string): void;
  rename(from: string, to: string): void;
  /** A second name for a file; fails with `EEXIST` where the name is taken. */
  link(existing: string, name: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  /** Fails with `EEXIST` where there is one. */
  mkdir(path: string): void;
  readdir(path: string): string[];
  stat(path: string): FileStatus;
  readFile(path: string): Uint8Array;
  /** What follows so many bytes; undefined where the file has fewer. */
  readFrom(path: string, start: number): Uint8Array | undefined;
}

export interface FileStatus {
  readonly bytes: number;
  readonly folder: boolean;
}

function syncFolder(path: string): void {
  // Windows opens no folders; its file systems journal names by themselves.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(path: string, start: number): Uint8Array | undefined {
  requireFile(path);
  const descriptor = openSync(path, 'r');
  try {
    const length = fstatSync(descriptor).size - start;
    if (length < 0) return undefined;
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, start));
  } finally {
    closeSync(descriptor);
  }
}

/** The real disk. */
export const nodeFiles: FileLayer = Object.freeze({
  open: (path: string, mode: OpenMode) => openSync(path, mode === 'create' ? 'wx' : 'a'),
  write: (descriptor: number, bytes: Uint8Array, offset: number) => writeSync(descriptor, bytes, offset),
  truncate: ftruncateSync,
  fsync: fsyncSync,
  close: closeSync,
  syncFolder,
  rename: renameSync,
  link: linkSync,
  unlink: unlinkSync,
  rmdir: rmdirSync,
  mkdir: (path: string) => void mkdirSync(path),
  readdir: (path: string) => readdirSync(path),
  stat: (path: string) => {
    const status = statSync(path);
    return { bytes: status.size, folder: status.isDirectory() };
  },
  readFile,
  readFrom,
});

function readFile(path: string): Uint8Array {
  requireFile(path);
  return readFileSync(path);
}

/** Of a pipe or a device, which a stranger's folder may hold or link to, reading might never end. */
function requireFile(path: string): void {
  const status = statSync(path);
  if (status.isFile() || status.isDirectory()) return;
  throw Object.assign(new Error('it is no ordinary file'), { code: 'EINVAL' });
}

/** The code of a file error, if it is one. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** What `action` gives, or undefined where the file or folder does not exist. */
export function ifExists<Value>(action: () => Value): Value | undefined {
  try {
    return action();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
