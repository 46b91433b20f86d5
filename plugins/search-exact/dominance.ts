import type { Budget } from './budget.js';
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
  /** Charged for comparisons where there are too many costs for an ordered lookup. */
  readonly budget: Budget;
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
