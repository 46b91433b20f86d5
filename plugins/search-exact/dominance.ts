import type { LabelSet, Trail } from './labels.js';

/** When one partial network makes another of the same output state superfluous. */
export interface DominanceRule {
  /** Values that must not be worse: the objective (0) and every limited or traced cost. */
  readonly active: readonly number[];
  /** The active values in which being better settles it: the objective, and the costs a front traces. */
  readonly decisive: readonly number[];
  /** Rounding margin of each value, `Graph.margins`. */
  readonly margins: Float64Array;
  /** How many dominating labels it takes: the number of solutions wanted. */
  readonly keep: number;
}

/**
 * Whether every completion of label `first` is at least as good as that of `second` and comes before it in the
 * order of solutions. A difference within the rounding margin may vanish in the sum, after which the remaining
 * costs and then the candidates decide; so it counts only together with those.
 */
export function dominates(set: LabelSet, first: number, second: number, rule: DominanceRule, trail: Trail) {
  const { values, width } = set;
  const a = first * width;
  const b = second * width;
  for (const value of rule.active) if (values[a + value]! > values[b + value]!) return false;
  for (const value of rule.decisive) {
    if (values[b + value]! - values[a + value]! > rule.margins[value]!) return true;
  }
  let clear = false;
  for (let value = 0; value < width; value++) {
    const lead = values[b + value]! - values[a + value]!;
    if (lead < 0) return false;
    if (lead > rule.margins[value]!) clear = true;
  }
  return clear || set.comparePaths(first, second, trail) < 0;
}

/** Sorts the set so that a label comes after all that dominate it, and drops the dominated ones. */
export function prune(set: LabelSet, rule: DominanceRule, trail: Trail): void {
  if (set.count < 2) return;
  const order = sortLabels(set, rule.decisive, trail);
  const kept =
    rule.keep === 1 && rule.active.length <= 3
      ? sweepStaircase(set, order, rule, trail)
      : sweepPairs(set, order, rule, trail);
  set.select(order, kept);
}

/** Label numbers by the decisive values, then by all values in order, then by candidates. */
export function sortLabels(set: LabelSet, decisive: readonly number[], trail: Trail): Uint32Array {
  const { values, width } = set;
  const keys = [...decisive, ...Array.from({ length: width }, (_, value) => value)];
  return Uint32Array.from({ length: set.count }, (_, label) => label).sort((first, second) => {
    for (const key of keys) {
      const difference = values[first * width + key]! - values[second * width + key]!;
      if (difference !== 0) return difference;
    }
    return set.comparePaths(first, second, trail);
  });
}

/** Compares each label with all kept ones: any number of costs, any `keep`. */
function sweepPairs(set: LabelSet, order: Uint32Array, rule: DominanceRule, trail: Trail): number {
  let kept = 0;
  for (const label of order) {
    let dominators = 0;
    for (let index = 0; index < kept && dominators < rule.keep; index++) {
      if (dominates(set, order[index]!, label, rule, trail)) dominators++;
    }
    if (dominators < rule.keep) order[kept++] = label;
  }
  return kept;
}

/**
 * The same for up to two active costs: labels come in order of the objective, so the only possible dominator worth
 * asking is, among those with no more of the first cost, the one with the least of the second. A binary indexed tree
 * over the ranks of the first cost holds it.
 */
function sweepStaircase(set: LabelSet, order: Uint32Array, rule: DominanceRule, trail: Trail): number {
  const { values, width } = set;
  const costs = rule.active.filter((value) => value !== 0);
  const [ranked = 0, least = ranked] = costs;
  const ranks = costs.length === 2 ? rankValues(set, ranked) : new Uint32Array(set.count).fill(1);
  const tree = new Int32Array(ranks.reduce((most, rank) => Math.max(most, rank), 1) + 1).fill(-1);
  let kept = 0;
  for (const label of order) {
    const own = values[label * width + least]!;
    let rival = -1;
    for (let at = ranks[label]!; at > 0; at -= at & -at) {
      const held = tree[at]!;
      if (held >= 0 && (rival < 0 || values[held * width + least]! < values[rival * width + least]!))
        rival = held;
    }
    if (rival >= 0 && values[rival * width + least]! <= own && dominates(set, rival, label, rule, trail))
      continue;
    order[kept++] = label;
    for (let at = ranks[label]!; at < tree.length; at += at & -at) {
      const held = tree[at]!;
      if (held < 0 || own < values[held * width + least]!) tree[at] = label;
    }
  }
  return kept;
}

/** Rank of each label's value, from 1, equal values sharing one. */
function rankValues(set: LabelSet, value: number): Uint32Array {
  const { values, width, count } = set;
  const sorted = Float64Array.from({ length: count }, (_, label) => values[label * width + value]!).sort();
  return Uint32Array.from({ length: count }, (_, label) => {
    const wanted = values[label * width + value]!;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  });
}
