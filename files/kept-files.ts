import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { writeFailed } from './errors.js';
import { type FileLayer, ifExists, nodeFiles } from './file-layer.js';
import { makeFolder } from './make-folder.js';
import { attempt, writeWhole } from './write-atomically.js';

/** How something is kept that can be made again: a cache, which a run does without where it cannot be written. */
export interface KeepOptions {
  /** What is kept, as a sentence begins: `The images of Fashion-MNIST`. */
  readonly what: string;
  /** Is told, once a call, that it could not be kept and why. */
  readonly noticed: (text: string) => void;
  /** @default the real disk */
  readonly files?: FileLayer | undefined;
}

/**
 * Keeps a folder of files, which appears whole or not at all, so that processes that start at once do not disturb each
 * other. A folder that lacks the last of the files is nobody's and is replaced; one that has it stays as it is.
 * @returns false where it could not be kept, whatever the reason; that has been noticed.
 */
export function keepFolder(
  folder: string,
  contents: ReadonlyMap<string, Uint8Array>,
  options: KeepOptions,
): boolean {
  const last = [...contents.keys()].at(-1)!;
  return keep(folder, options, (files) => {
    const draft = `${folder}.${randomUUID()}`;
    makeFolder(files, draft);
    try {
      for (const [name, bytes] of contents) writeInto(files, join(draft, name), bytes);
      files.syncFolder(draft);
      publish(files, { draft, folder, last });
    } finally {
      attempt(() => removeFolder(files, draft));
    }
  });
}

/** Keeps one file, as `keepFolder` does a folder; one that is there is replaced. */
export function keepFile(file: string, bytes: Uint8Array, options: KeepOptions): boolean {
  return keep(file, options, (files) => {
    const draft = `${file}.${randomUUID()}`;
    makeFolder(files, dirname(file));
    try {
      writeInto(files, draft, bytes);
      files.rename(draft, file);
      files.syncFolder(dirname(file));
    } finally {
      attempt(() => files.unlink(draft));
    }
  });
}

/** What a kept file holds; undefined where it cannot be read, so that it is made again. */
export function readKept(file: string, files: FileLayer = nodeFiles): Uint8Array | undefined {
  try {
    return files.readFile(file);
  } catch {
    return undefined;
  }
}

function keep(path: string, options: KeepOptions, write: (files: FileLayer) => void): boolean {
  const { what, noticed, files = nodeFiles } = options;
  try {
    write(files);
    return true;
  } catch (error) {
    const { message } = writeFailed(path, 0, error);
    noticed(`${what} cannot be kept; the next start makes them again. ${message}`);
    return false;
  }
}

function writeInto(files: FileLayer, path: string, bytes: Uint8Array): void {
  try {
    writeWhole(files, path, bytes);
  } catch (error) {
    throw writeFailed(path, bytes.length, error);
  }
}

interface Publication {
  readonly draft: string;
  readonly folder: string;
  readonly last: string;
}

function publish(files: FileLayer, { draft, folder, last }: Publication): void {
  const exists = (path: string) => ifExists(() => files.stat(path)) !== undefined;
  if (exists(folder) && !exists(join(folder, last))) removeFolder(files, folder);
  try {
    files.rename(draft, folder);
  } catch (error) {
    // Another process was first: its files hold the same bytes.
    if (!exists(join(folder, last))) throw error;
  }
  files.syncFolder(dirname(folder));
}

function removeFolder(files: FileLayer, folder: string): void {
  for (const name of files.readdir(folder)) {
    const path = join(folder, name);
    if (files.stat(path).folder) removeFolder(files, path);
    else files.unlink(path);
  }
  files.rmdir(folder);
}
