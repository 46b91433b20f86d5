import { join } from 'node:path';
import { folderFailed, reading, writeFailed } from './errors.js';
import { type FileLayer, ifExists } from './file-layer.js';
import { makeFolder } from './make-folder.js';
import type { Ownable } from './ownership/owner.js';
import { createOnce, writeAllAtomically, writeAtomically } from './write-atomically.js';

/** The files of a folder, as a run is one, by their names below it, with errors that name them so. */
export class Disk {
  /** Folders whose names are known to last. */
  readonly #lasting = new Set<string>();

  constructor(
    readonly files: FileLayer,
    readonly folder: string,
    /** Absolute folders of this machine, which nothing stored may name. */
    readonly machineFolders: readonly string[],
  ) {}

  /** Owners of something, in the folder of that name. */
  ownable(name: string): Ownable {
    return { files: this.files, folder: this.path(name), name };
  }

  path(name: string): string {
    return join(this.folder, ...name.split('/'));
  }

  /** Undefined where there is no such file. */
  read(name: string): Uint8Array | undefined {
    return reading(name, () => ifExists(() => this.files.readFile(this.path(name))));
  }

  exists(name: string): boolean {
    return reading(name, () => ifExists(() => this.files.stat(this.path(name))) !== undefined);
  }

  isFolder(name: string): boolean {
    return reading(name, () => ifExists(() => this.files.stat(this.path(name)))?.folder ?? false);
  }

  /** Empty where there is no such folder. */
  list(name: string): string[] {
    return reading(name, () => ifExists(() => this.files.readdir(this.path(name)).sort()) ?? []);
  }

  write(name: string, bytes: Uint8Array): void {
    writeAtomically(this.files, this.path(name), bytes);
  }

  /** Files of one folder by their names there. */
  writeAll(folder: string, contents: ReadonlyMap<string, Uint8Array>): void {
    writeAllAtomically(this.files, this.path(folder), contents);
  }

  /** False where there is one already. */
  create(name: string, bytes: Uint8Array): boolean {
    return createOnce(this.files, this.path(name), bytes);
  }

  /** Makes a folder and those above it. One that is there may be younger than a crash: its name is made to last too. */
  makeFolder(name = ''): void {
    const path = this.path(name);
    if (this.#lasting.has(path)) return;
    try {
      makeFolder(this.files, path);
      this.#lasting.add(path);
    } catch (error) {
      throw folderFailed(name || this.folder, error);
    }
  }

  /** Makes the names in a folder last; does nothing where there is none. */
  syncFolder(name: string): void {
    try {
      ifExists(() => this.files.syncFolder(this.path(name)));
    } catch (error) {
      throw writeFailed(name || this.folder, 0, error);
    }
  }

  /** Forgets a folder that was removed. */
  removeFolder(name: string): void {
    this.#lasting.delete(this.path(name));
    this.files.rmdir(this.path(name));
  }
}
