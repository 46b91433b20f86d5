import { pathOf } from 'dna-nas/core/space';
import type { tf } from 'dna-nas/nn';
import { ENTRANCE, type PathNode, type PathTree } from './path-tree.js';

/** What is done at each node of a walk over the paths of a cell. */
export interface PathWalk {
  readonly tree: PathTree;
  /** Units of the walk that are done: an earlier walk on the same input has ended there. */
  readonly done: number;
  /** Runs a node. `isFirst`: it was not run on this input before, here or in the earlier walk. */
  run(node: PathNode, x: tf.Tensor, isFirst: boolean): tf.Tensor;
  /** Takes up the output of a path, by its number. */
  leaf(number: number, y: tf.Tensor): void;
  /** Told the units that are done; may throw to end the walk. */
  between(done: number): void;
}

/**
 * Walks depth first, each prefix once, and holds one feature map a layer. A unit is a node. Where the walk goes on,
 * only what leads to nodes that are left is run again.
 */
export function walkTree(input: tf.Tensor, { tree, done, run, leaf, between }: PathWalk): void {
  const last = tree.choices.length - 1;
  const visit = (node: PathNode, index: number, x: tf.Tensor): void => {
    if (index + tree.sizeAt(node) <= done) return;
    const isFirst = index >= done;
    const y = run(node, x, isFirst);
    try {
      if (node.layer === last) leaf(tree.firstPath(node), y);
      if (isFirst) between(index + 1);
      let next = index + 1;
      for (const child of tree.below(node)) {
        visit(child, next, y);
        next += tree.sizeAt(child);
      }
    } finally {
      if (y !== input) y.dispose();
    }
  };
  visit(ENTRANCE, 0, input);
}

/** Walks every path from the input, alone: what sharing is measured and tested against. A unit is a path. */
export function walkPaths(
  input: tf.Tensor,
  { paths, tree, done, run, leaf, between }: PathWalk & { readonly paths: number },
): void {
  for (let number = done; number < paths; number++) {
    let x = input;
    try {
      for (const node of tree.along(pathOf(number, tree.choices))) {
        // A prefix comes several times.
        const y = run(node, x, tree.firstPath(node) === number);
        if (x !== input) x.dispose();
        x = y;
      }
      leaf(number, x);
    } finally {
      if (x !== input) x.dispose();
    }
    between(number + 1);
  }
}
