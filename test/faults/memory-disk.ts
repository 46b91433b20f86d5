import { basename, dirname } from 'node:path';
import type { FileLayer, FileStatus, OpenMode, RandomStream } from 'dna-nas/core';

/** A file: what a reader sees, and what a power loss leaves for certain. */
interface FileNode {
  live: Uint8Array;
  lasting: Uint8Array;
}

/** Names in a folder that change together: a rename changes two. Undefined: the name goes. */
type NameChange = readonly (readonly [name: string, node: Node | undefined])[];

interface FolderNode {
  readonly live: Map<string, Node>;
  readonly lasting: Map<string, Node>;
  /** Changes since the folder was last synced, in order. */
  pending: NameChange[];
}

type Node = FileNode | FolderNode;

const isFolder = (node: Node | undefined): node is FolderNode => node !== undefined && 'pending' in node;

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function emptyFolder(): FolderNode {
  return { live: new Map(), lasting: new Map(), pending: [] };
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

function change(folder: FolderNode, names: NameChange): void {
  folder.pending.push(names);
  apply(folder.live, names);
}

function apply(names: Map<string, Node>, changes: NameChange): void {
  for (const [name, node] of changes) {
    if (node) names.set(name, node);
    else names.delete(name);
  }
}

function syncNames(folder: FolderNode): void {
  folder.lasting.clear();
  for (const [name, node] of folder.live) folder.lasting.set(name, node);
  folder.pending = [];
}

/** Bytes are never changed in place, so that copies share them. */
function copyNode(node: Node, made: Map<Node, Node>): Node {
  const known = made.get(node);
  if (known) return known;
  if (!isFolder(node)) {
    const file = { ...node };
    made.set(node, file);
    return file;
  }
  const copied = emptyFolder();
  made.set(node, copied);
  for (const [name, child] of node.live) copied.live.set(name, copyNode(child, made));
  for (const [name, child] of node.lasting) copied.lasting.set(name, copyNode(child, made));
  copied.pending = node.pending.map((names) =>
    names.map(([name, child]) => [name, child && copyNode(child, made)] as const),
  );
  return copied;
}

/** The live tree, folders before what is in them. */
function* walk(folder: FolderNode, path = ''): Generator<{ path: string; node: Node }> {
  yield { path: path || '/', node: folder };
  for (const [name, node] of folder.live) {
    if (isFolder(node)) yield* walk(node, `${path}/${name}`);
    else yield { path: `${path}/${name}`, node };
  }
}

interface Uncertainty {
  readonly node: Node;
  /** Number of ways it can come out; 0 is the old one, the last is the new one. */
  readonly ways: number;
  /** Of a folder: which of its changes. */
  readonly change?: NameChange;
}

const CONTENTS = ['old', 'torn', 'garbled', 'new'] as const;

/** Everything that a power loss may take either way, in a fixed order; also below names that are gone. */
function uncertainties(root: FolderNode): Uncertainty[] {
  const found: Uncertainty[] = [];
  const seen = new Set<Node>();
  const visit = (node: Node | undefined): void => {
    if (!node || seen.has(node)) return;
    seen.add(node);
    if (!isFolder(node)) {
      if (node.live !== node.lasting) found.push({ node, ways: CONTENTS.length });
      return;
    }
    for (const names of node.pending) found.push({ node, ways: 2, change: names });
    for (const child of node.lasting.values()) visit(child);
    for (const names of node.pending) for (const [, child] of names) visit(child);
  };
  visit(root);
  return found;
}

function applyLoss(root: FolderNode, choices: readonly Uncertainty[], chosen: readonly number[]): void {
  choices.forEach(({ node, change: names }, index) => {
    const way = chosen[index]!;
    if (!isFolder(node)) node.lasting = lost(node, CONTENTS[way]!);
    else if (way === 1) apply(node.lasting, names!);
  });
  restart(root);
}

/** What is live after the power is back is what lasted. */
function restart(node: Node): void {
  if (!isFolder(node)) {
    node.live = node.lasting;
    return;
  }
  node.pending = [];
  node.live.clear();
  for (const [name, child] of node.lasting) {
    node.live.set(name, child);
    restart(child);
  }
}

function lost({ live, lasting }: FileNode, how: (typeof CONTENTS)[number]): Uint8Array {
  if (how === 'old') return lasting;
  if (how === 'new') return live;
  const fresh = live.length - lasting.length;
  if (fresh <= 0) return how === 'torn' ? lasting : live;
  const kept = how === 'torn' ? lasting.length + Math.ceil(fresh / 2) : live.length;
  const bytes = live.slice(0, kept);
  // What was synced before stays; blocks that never arrived hold anything.
  if (how === 'garbled') for (let at = lasting.length; at < kept; at++) bytes[at]! ^= 0x5a;
  return bytes;
}
