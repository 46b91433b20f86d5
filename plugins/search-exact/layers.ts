import type { DominanceRule } from './dominance.js';
import type { Graph } from './graph.js';
import { LabelSet, Trail } from './labels.js';
import { type Limits, withinLimits } from './multipliers.js';
import { prune } from './prune.js';

/** Which candidates extend the labels of one input state; called once a block and state. */
export interface Extension {
  /** Adds to `next[outputState]` what is worth keeping of `labels` extended by the block's candidates. */
  extend(step: ExtensionStep): void;
}

export interface ExtensionStep {
  readonly block: number;
  readonly state: number;
  readonly labels: LabelSet;
  /** Trail entry of the first label; −1 where the label is the empty network. */
  readonly entry: number;
  readonly next: readonly LabelSet[];
  /** To be called after `tried` extensions: prunes the sets that have grown much, within the budget. */
  readonly settle: (tried: number) => void;
}

export interface LayersOptions {
  /** Labels from which on a set that has grown threefold is pruned while it still grows. @default 65 536 */
  readonly pruneFrom?: number;
}

/** Block by block, all partial networks that `extension` lets through and no other dominates. */
export class Layers {
  readonly trail = new Trail();
  /** Labels kept so far, over all blocks. */
  labels = 0;
  readonly #graph: Graph;
  readonly #rule: DominanceRule;
  readonly #pruned = new WeakMap<LabelSet, number>();

  readonly #pruneFrom: number;

  constructor(graph: Graph, rule: DominanceRule, { pruneFrom = 1 << 16 }: LayersOptions = {}) {
    this.#graph = graph;
    this.#rule = rule;
    this.#pruneFrom = pruneFrom;
  }

  /** Runs through all blocks; the result holds the complete networks within the limits, heads included. */
  run(extension: Extension, limits: Limits): LabelSet {
    const start = new LabelSet(this.#graph.width, 1);
    start.extend(this.#graph.start, 0, new Float64Array(this.#graph.width), 0);
    let current = [start];
    let entries = [-1];
    this.#graph.blocks.forEach((block, index) => {
      const next = Array.from({ length: block.states }, () => new LabelSet(this.#graph.width));
      current.forEach((labels, state) => {
        const settle = (tried: number) => {
          this.#rule.budget.spend(tried);
          for (const set of next) this.#settle(set);
        };
        extension.extend({ block: index, state, labels, entry: entries[state]!, next, settle });
      });
      for (const set of next) this.#prune(set);
      current = next;
      if (index < this.#graph.blocks.length - 1) entries = next.map((set) => this.#remember(set));
    });
    return this.#complete(current, limits);
  }

  /** Gives the kept labels their place in the trail and returns the first one's. */
  #remember(set: LabelSet): number {
    let first = -1;
    for (let label = 0; label < set.count; label++) {
      const entry = this.trail.append(set.parents[label]!, set.candidates[label]!);
      if (label === 0) first = entry;
    }
    return first;
  }

  #prune(set: LabelSet): void {
    prune(set, this.#rule, this.trail);
    this.#pruned.set(set, set.count);
    this.labels += set.count;
    this.#rule.budget.hold(this.labels);
  }

  /** Prunes before a set doubles once more, so that dominated labels do not fill the memory. */
  #settle(set: LabelSet): void {
    const last = this.#pruned.get(set) ?? 0;
    if (set.count < Math.max(this.#pruneFrom, 3 * last)) return;
    prune(set, this.#rule, this.trail);
    this.#pruned.set(set, set.count);
    this.#rule.budget.hold(this.labels + set.count);
  }

  #complete(last: readonly LabelSet[], limits: Limits): LabelSet {
    const { width, final } = this.#graph;
    const complete = new LabelSet(width);
    last.forEach((set, state) => {
      for (let label = 0; label < set.count; label++) {
        const added = complete.extend(set.values, label * width, final[state]!, 0);
        if (withinLimits(complete.values.subarray(added * width, (added + 1) * width), limits)) {
          complete.link(added, set.parents[label]!, set.candidates[label]!);
        } else complete.count--;
      }
    });
    return complete;
  }
}

/** `least[block][inputState]`: the least sum of one value from this block on; the last entry is the head's. */
export function leastRemaining(graph: Graph, value: number): readonly Float64Array[] {
  const { width, blocks } = graph;
  const least: Float64Array[] = new Array(blocks.length + 1);
  least[blocks.length] = Float64Array.from(graph.final, (values) => values[value]!);
  for (let index = blocks.length - 1; index >= 0; index--) {
    const { output, values } = blocks[index]!;
    least[index] = Float64Array.from(values, (table) => {
      let smallest = Number.POSITIVE_INFINITY;
      for (let candidate = 0; candidate < output.length; candidate++) {
        const sum = table[candidate * width + value]! + least[index + 1]![output[candidate]!]!;
        if (sum < smallest) smallest = sum;
      }
      return smallest;
    });
  }
  return least;
}

/** Whether a label extended by a candidate can still be completed within the limits. */
export class Room {
  readonly #graph: Graph;
  readonly #limits: Limits;
  readonly #least: readonly (readonly Float64Array[])[];

  constructor(graph: Graph, limits: Limits) {
    this.#graph = graph;
    this.#limits = limits;
    this.#least = limits.values.map((value) => leastRemaining(graph, value));
  }

  /** `base` at `from` is the label, `table` at `at` the candidate, which ends `block` in state `output`. */
  remains(
    place: { block: number; output: number },
    base: Float64Array,
    from: number,
    table: Float64Array,
    at: number,
  ) {
    const { values, bounds } = this.#limits;
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      const rest = this.#least[index]![place.block + 1]![place.output]!;
      const sum = base[from + value]! + table[at + value]! + rest;
      if (sum > bounds[index]! + this.#graph.margins[value]!) return false;
    }
    return true;
  }
}
