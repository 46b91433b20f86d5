/** A file: what a reader sees, and what a power loss leaves for certain. */
export interface FileNode {
  live: Uint8Array;
  lasting: Uint8Array;
}

/** Names in a folder that change together: a rename changes two. Undefined: the name goes. */
type NameChange = readonly (readonly [name: string, node: Node | undefined])[];

export interface FolderNode {
  readonly live: Map<string, Node>;
  readonly lasting: Map<string, Node>;
  /** Changes since the folder was last synced, in order. */
  pending: NameChange[];
}

export type Node = FileNode | FolderNode;

export const isFolder = (node: Node | undefined): node is FolderNode =>
  node !== undefined && 'pending' in node;

export function emptyFolder(): FolderNode {
  return { live: new Map(), lasting: new Map(), pending: [] };
}

export function change(folder: FolderNode, names: NameChange): void {
  folder.pending.push(names);
  apply(folder.live, names);
}

function apply(names: Map<string, Node>, changes: NameChange): void {
  for (const [name, node] of changes) {
    if (node) names.set(name, node);
    else names.delete(name);
  }
}

export function syncNames(folder: FolderNode): void {
  folder.lasting.clear();
  for (const [name, node] of folder.live) folder.lasting.set(name, node);
  folder.pending = [];
}

/** Bytes are never changed in place, so that copies share them. */
export function copyNode(node: Node, made: Map<Node, Node>): Node {
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
export function* walk(folder: FolderNode, path = ''): Generator<{ path: string; node: Node }> {
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
export function uncertainties(root: FolderNode): Uncertainty[] {
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

export function applyLoss(
  root: FolderNode,
  choices: readonly Uncertainty[],
  chosen: readonly number[],
): void {
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
