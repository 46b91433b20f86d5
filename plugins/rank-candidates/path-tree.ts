/** One node: layer −1 is the entrance; `prefix` are the operations up to this layer, its own the last. */
export interface PathNode {
  readonly layer: number;
  readonly prefix: readonly number[];
}

/** The tree of a cell's paths by their common prefixes, its nodes numbered depth first from the entrance, 0. */
export class PathTree {
  readonly choices: readonly number[];
  /** Nodes of a subtree, itself included, by the layer of its root, the entrance first. */
  readonly #sizes: readonly number[];

  constructor(choices: readonly number[]) {
    this.choices = choices;
    const sizes = [1];
    for (const operations of [...choices].reverse()) sizes.unshift(1 + operations * sizes[0]!);
    this.#sizes = sizes;
  }

  /** Number of all nodes. */
  get size(): number {
    return this.#sizes[0]!;
  }

  /** Number of nodes of the subtree at a node. */
  sizeAt({ layer }: PathNode): number {
    return this.#sizes[layer + 1]!;
  }

  /** The nodes right below, in order: none below the last layer. */
  below({ layer, prefix }: PathNode): PathNode[] {
    const operations = this.choices[layer + 1] ?? 0;
    return Array.from({ length: operations }, (_, operation) => ({
      layer: layer + 1,
      prefix: [...prefix, operation],
    }));
  }

  /** All nodes in their order. */
  *nodes(root: PathNode = ENTRANCE): Generator<PathNode> {
    yield root;
    for (const node of this.below(root)) yield* this.nodes(node);
  }

  /** The nodes of one path, the entrance first. */
  along(path: readonly number[]): PathNode[] {
    return [ENTRANCE, ...path.map((_, layer) => ({ layer, prefix: path.slice(0, layer + 1) }))];
  }

  /** The number of the first path through a node, in the mixed radix of `pathOf`. */
  firstPath({ prefix }: PathNode): number {
    return this.choices.reduce((number, operations, layer) => number * operations + (prefix[layer] ?? 0), 0);
  }
}

/** The root: what stands before the first layer. */
export const ENTRANCE: PathNode = { layer: -1, prefix: [] };
