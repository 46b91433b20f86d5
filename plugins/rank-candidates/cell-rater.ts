import { type CellSupernet, type NetworkTensor, pathCount, pathOf, type Rating } from 'dna-nas/core';
import { CALIBRATE, EVALUATE, KeptStatistics, type tf } from 'dna-nas/nn';
import type { RankCandidatesOptions } from './options.js';

export interface RaterParts {
  readonly rating: Rating;
  readonly options: Pick<RankCandidatesOptions, 'sharePrefixes'>;
}

/**
 * Rates all paths of one cell by walking the tree of their prefixes. A layer's batch-norm statistics depend on its
 * prefix alone, so a node is calibrated once and its statistics are kept by the node; a batch then walks the same
 * tree with them. Without sharing, every path is run whole from the input, with the same result.
 */
export class CellRater {
  readonly #cell: CellSupernet;
  readonly #share: boolean;
  readonly #rating: Rating;
  readonly #sums: Float64Array;
  /** Batch-norm statistics of each node of the tree of paths. */
  readonly #statistics = new Map<string, KeptStatistics>();
  #batches = 0;

  constructor(cell: CellSupernet, { rating, options }: RaterParts) {
    this.#cell = cell;
    this.#rating = rating;
    this.#share = options.sharePrefixes;
    this.#sums = new Float64Array(pathCount(cell.choices));
  }

  /** Recomputes the batch-norm statistics of every path from one more batch: their mean over all that are given. */
  calibrate(input: tf.Tensor4D): void {
    const seen = new Set<string>();
    this.#walk(input, (layer, prefix, x) => {
      const y =
        layer < 0 ? this.#cell.entrance(x, CALIBRATE) : this.#cell.layer(layer, prefix[layer]!, x, CALIBRATE);
      // Without sharing a prefix comes several times, and counts once.
      const node = nodeName(layer, prefix);
      if (!seen.has(node)) this.#keep(layer, prefix);
      seen.add(node);
      return y;
    });
  }

  /** Adds one batch to the rating of every path. */
  rate(input: tf.Tensor4D, target: tf.Tensor4D): void {
    this.#walk(
      input,
      (layer, prefix, x) => {
        this.#restore(layer, prefix);
        return layer < 0
          ? this.#cell.entrance(x, EVALUATE)
          : this.#cell.layer(layer, prefix[layer]!, x, EVALUATE);
      },
      (number, y) => {
        const rating = this.#rating.compute(y, target);
        this.#sums[number]! += rating.dataSync()[0]!;
        rating.dispose();
      },
    );
    this.#batches++;
  }

  /** Mean rating of each path over the batches, by the path's number. */
  means(): Float64Array {
    return this.#sums.map((sum) => sum / this.#batches);
  }

  dispose(): void {
    for (const statistics of this.#statistics.values()) statistics.dispose();
    this.#statistics.clear();
  }

  #walk(
    input: tf.Tensor,
    run: RunNode,
    leaf: (number: number, y: tf.Tensor) => void = () => undefined,
  ): void {
    if (this.#share) this.#walkTree(input, run, leaf);
    else this.#walkPaths(input, run, leaf);
  }

  /** Depth first, each prefix once; holds one feature map a layer. */
  #walkTree(input: tf.Tensor, run: RunNode, leaf: (number: number, y: tf.Tensor) => void): void {
    const { choices } = this.#cell;
    let number = 0;
    const visit = (prefix: readonly number[], x: tf.Tensor): void => {
      const layer = prefix.length;
      if (layer === choices.length) {
        leaf(number++, x);
        return;
      }
      for (let operation = 0; operation < choices[layer]!; operation++) {
        const path = [...prefix, operation];
        const y = run(layer, path, x);
        visit(path, y);
        y.dispose();
      }
    };
    const first = run(-1, [], input);
    visit([], first);
    if (first !== input) first.dispose();
  }

  /** Every path from the input, alone: what sharing is measured and tested against. */
  #walkPaths(input: tf.Tensor, run: RunNode, leaf: (number: number, y: tf.Tensor) => void): void {
    const { choices } = this.#cell;
    for (let number = 0; number < this.#sums.length; number++) {
      const path = pathOf(number, choices);
      let x = run(-1, [], input);
      for (let layer = 0; layer < choices.length; layer++) {
        const y = run(layer, path.slice(0, layer + 1), x);
        if (x !== input) x.dispose();
        x = y;
      }
      leaf(number, x);
      x.dispose();
    }
  }

  #buffers(layer: number, prefix: readonly number[]): NetworkTensor[] {
    return [...this.#cell.buffers(layer, prefix[layer] ?? 0).values()];
  }

  #keep(layer: number, prefix: readonly number[]): void {
    const node = nodeName(layer, prefix);
    const kept = this.#statistics.get(node) ?? new KeptStatistics();
    this.#statistics.set(node, kept);
    kept.add(this.#buffers(layer, prefix));
  }

  /** Without a calibration the statistics of the training stay. */
  #restore(layer: number, prefix: readonly number[]): void {
    this.#statistics.get(nodeName(layer, prefix))?.restore(this.#buffers(layer, prefix));
  }
}

function nodeName(layer: number, prefix: readonly number[]): string {
  return `${layer}:${prefix.join()}`;
}

/** Runs one node of the tree: layer −1 is the entrance; `prefix` ends with the layer's own operation. */
type RunNode = (layer: number, prefix: readonly number[], x: tf.Tensor) => tf.Tensor;
