import { basename, dirname } from 'node:path';
import type { RandomStream } from 'dna-nas/core';
import type { FileLayer, FileStatus, OpenMode } from 'dna-nas/files';
import {
  applyLoss,
  change,
  copyNode,
  emptyFolder,
  type FileNode,
  type FolderNode,
  isFolder,
  type Node,
  syncNames,
  uncertainties,
  walk,
} from './disk-nodes.js';

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

/**
 * A disk in memory that knows what of it would outlast a power loss: of a file what was synced last, of a folder the
 * names at its last sync; beyond that anything may be there or not. Copies are cheap.
 */
export class MemoryDisk implements FileLayer {
  #root: FolderNode = emptyFolder();
  readonly #open = new Map<number, FileNode>();
  #descriptors = 3;

  /** The same disk, everything open closed: what a process that dies now leaves. */
  copy(): MemoryDisk {
    const disk = new MemoryDisk();
    disk.#root = copyNode(this.#root, new Map()) as FolderNode;
    return disk;
  }

  /** Everything that is there lasts, as after an orderly end of the machine. */
  settle(): this {
    for (const { node } of walk(this.#root)) {
      if (isFolder(node)) syncNames(node);
      else node.lasting = node.live;
    }
    return this;
  }

  /** All files by path. */
  files(): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    for (const { path, node } of walk(this.#root)) if (!isFolder(node)) found.set(path, node.live);
    return found;
  }

  /** Changes a file's bytes, as rot does. */
  spoil(path: string, bytes: Uint8Array): void {
    const node = this.#file(path);
    node.live = bytes;
    node.lasting = bytes;
  }

  /**
   * Disks that a power loss now may leave: of each folder any of the changes since its last sync, of each file that
   * was not synced the old, the new, a torn or a garbled content. All of them where these are `most` at most, else
   * the two extremes and drawn ones.
   */
  *afterPowerLoss(most: number, random: RandomStream): Generator<MemoryDisk> {
    const choices = uncertainties(this.#root);
    const count = choices.reduce((product, { ways }) => product * ways, 1);
    for (let index = 0; index < Math.min(count, most); index++) {
      let rest = count <= most ? index : undefined;
      const chosen = choices.map(({ ways }) => {
        if (rest === undefined) return index === 0 ? 0 : index === 1 ? ways - 1 : random.integer(ways);
        const way = rest % ways;
        rest = (rest - way) / ways;
        return way;
      });
      const disk = this.copy();
      applyLoss(disk.#root, uncertainties(disk.#root), chosen);
      yield disk;
    }
  }

  open(path: string, mode: OpenMode): number {
    const { folder, name } = this.#place(path);
    let node = folder.live.get(name);
    if (node && mode === 'create') throw fileError('EEXIST', path);
    if (isFolder(node)) throw fileError('EISDIR', path);
    if (!node) {
      node = { live: new Uint8Array(), lasting: new Uint8Array() };
      change(folder, [[name, node]]);
    }
    this.#open.set(++this.#descriptors, node);
    return this.#descriptors;
  }

  write(descriptor: number, bytes: Uint8Array, offset: number): number {
    const node = this.#opened(descriptor);
    const joined = new Uint8Array(node.live.length + bytes.length - offset);
    joined.set(node.live);
    joined.set(bytes.subarray(offset), node.live.length);
    node.live = joined;
    return bytes.length - offset;
  }

  truncate(descriptor: number, length: number): void {
    const node = this.#opened(descriptor);
    node.live = node.live.slice(0, length);
  }

  fsync(descriptor: number): void {
    const node = this.#opened(descriptor);
    node.lasting = node.live;
  }

  close(descriptor: number): void {
    this.#opened(descriptor);
    this.#open.delete(descriptor);
  }

  syncFolder(path: string): void {
    syncNames(this.#folder(path));
  }

  rename(from: string, to: string): void {
    const { folder, name } = this.#place(from);
    const node = this.#node(from);
    if (dirname(from) !== dirname(to)) throw fileError('EXDEV', to);
    change(folder, [
      [name, undefined],
      [basename(to), node],
    ]);
  }

  link(existing: string, name: string): void {
    const node = this.#file(existing);
    const place = this.#place(name);
    if (place.folder.live.has(place.name)) throw fileError('EEXIST', name);
    change(place.folder, [[place.name, node]]);
  }

  unlink(path: string): void {
    this.#file(path);
    const { folder, name } = this.#place(path);
    change(folder, [[name, undefined]]);
  }

  rmdir(path: string): void {
    if (this.#folder(path).live.size > 0) throw fileError('ENOTEMPTY', path);
    const { folder, name } = this.#place(path);
    change(folder, [[name, undefined]]);
  }

  mkdir(path: string): void {
    const { folder, name } = this.#place(path);
    if (folder.live.has(name)) throw fileError('EEXIST', path);
    change(folder, [[name, emptyFolder()]]);
  }

  readdir(path: string): string[] {
    return [...this.#folder(path).live.keys()];
  }

  stat(path: string): FileStatus {
    const node = this.#node(path);
    return isFolder(node) ? { bytes: 0, folder: true } : { bytes: node.live.length, folder: false };
  }

  readFile(path: string): Uint8Array {
    return this.#file(path).live.slice();
  }

  readFrom(path: string, start: number): Uint8Array | undefined {
    const { live } = this.#file(path);
    return start > live.length ? undefined : live.slice(start);
  }

  #opened(descriptor: number): FileNode {
    const node = this.#open.get(descriptor);
    if (!node) throw fileError('EBADF', String(descriptor));
    return node;
  }

  #node(path: string): Node {
    let node: Node | undefined = this.#root;
    for (const part of parts(path)) node = isFolder(node) ? node.live.get(part) : undefined;
    if (!node) throw fileError('ENOENT', path);
    return node;
  }

  #file(path: string): FileNode {
    const node = this.#node(path);
    if (isFolder(node)) throw fileError('EISDIR', path);
    return node;
  }

  #folder(path: string): FolderNode {
    const node = this.#node(path);
    if (!isFolder(node)) throw fileError('ENOTDIR', path);
    return node;
  }

  #place(path: string): { folder: FolderNode; name: string } {
    return { folder: this.#folder(dirname(path)), name: basename(path) };
  }
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
