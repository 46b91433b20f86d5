import { type DominanceRule, dominates } from './dominance.js';
import type { LabelSet, Trail } from './labels.js';

/** Labels seen so far, asked whether one of them dominates a new one. Labels come in the order of `sortLabels`. */
export interface Layer {
  beats(label: number): boolean;
  add(label: number): void;
}

/** A comparison's share of the work of one extension. */
const COMPARISON = 1 / 16;

/** Compares with every label held: any number of costs. */
export class ListLayer implements Layer {
  readonly #set: LabelSet;
  readonly #rule: DominanceRule;
  readonly #trail: Trail;
  readonly #labels: number[] = [];

  constructor(set: LabelSet, rule: DominanceRule, trail: Trail) {
    this.#set = set;
    this.#rule = rule;
    this.#trail = trail;
  }

  beats(label: number): boolean {
    const labels = this.#labels;
    for (let index = 0; index < labels.length; index++) {
      const rival = labels[index]!;
      if (!dominates(this.#set, rival, label, this.#rule, this.#trail)) continue;
      // One that beat something will beat more: it moves halfway to the front.
      const ahead = index >>> 1;
      labels[index] = labels[ahead]!;
      labels[ahead] = rival;
      this.#rule.budget.spend(index * COMPARISON);
      return true;
    }
    this.#rule.budget.spend(labels.length * COMPARISON);
    return false;
  }

  add(label: number): void {
    this.#labels.push(label);
  }
}

interface StaircaseOptions {
  readonly set: LabelSet;
  readonly rule: DominanceRule;
  readonly trail: Trail;
  /** Rank of each label's first cost, from 1 to `highest`. */
  readonly ranks: Uint32Array;
  readonly highest: number;
  /** Value index of the other cost. */
  readonly least: number;
}

/**
 * For up to two costs. Labels come by rising objective, so the one rival worth asking is, among those with no more of
 * the ranked cost, the one with the least of the other; a binary indexed tree over the ranks finds it. Where rounding
 * margins matter another rival might dominate too: the label is then kept, which costs work, not exactness.
 */
export class StaircaseLayer implements Layer {
  readonly #options: StaircaseOptions;
  readonly #tree: Int32Array;

  constructor(options: StaircaseOptions) {
    this.#options = options;
    this.#tree = new Int32Array(options.highest + 1).fill(-1);
  }

  beats(label: number): boolean {
    const { set, rule, trail, ranks, least } = this.#options;
    const { values, width } = set;
    let rival = -1;
    let smallest = values[label * width + least]!;
    for (let at = ranks[label]!; at > 0; at -= at & -at) {
      const held = this.#tree[at]!;
      if (held < 0) continue;
      const value = values[held * width + least]!;
      if (value < smallest || (rival < 0 && value === smallest)) {
        rival = held;
        smallest = value;
      }
    }
    return rival >= 0 && dominates(set, rival, label, rule, trail);
  }

  add(label: number): void {
    const { set, ranks, least } = this.#options;
    const { values, width } = set;
    const own = values[label * width + least]!;
    for (let at = ranks[label]!; at < this.#tree.length; at += at & -at) {
      const held = this.#tree[at]!;
      if (held < 0 || own < values[held * width + least]!) this.#tree[at] = label;
    }
  }
}
