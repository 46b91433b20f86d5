import type { DominanceRule } from './dominance.js';
import { type Layer, ListLayer, StaircaseLayer } from './dominance-layers.js';
import type { LabelSet, Trail } from './labels.js';
import { orderOf, ranksOf, type Strided } from './order.js';

/**
 * Sorts the set so that a label comes after all that dominate it, and drops those with `keep` dominators. Kept labels
 * are sorted into layers: a label goes into the first layer that holds none dominating it, so one dominated by the
 * last of `keep` layers has a chain of `keep` dominators above it.
 */
export function prune(set: LabelSet, rule: DominanceRule, trail: Trail): void {
  if (set.count < 2) return;
  const order = sortLabels(set, rule.decisive, trail);
  const newLayer = layerFactory(set, rule, trail);
  const layers: Layer[] = [];
  let kept = 0;
  for (const label of order) {
    const layer = findLayer(layers, label, rule.keep);
    if (layer === rule.keep) continue;
    if (layer === layers.length) layers.push(newLayer());
    layers[layer]!.add(label);
    order[kept++] = label;
  }
  set.select(order, kept);
}

/** The first layer that holds no dominator of the label, by bisection; `keep` where all of that many do. */
function findLayer(layers: readonly Layer[], label: number, keep: number): number {
  if (layers.length === keep && layers[keep - 1]!.beats(label)) return keep;
  let low = 0;
  let high = layers.length === keep ? keep - 1 : layers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (layers[middle]!.beats(label)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function layerFactory(set: LabelSet, rule: DominanceRule, trail: Trail): () => Layer {
  const costs = rule.active.filter((value) => value !== 0);
  if (costs.length > 2) return () => new ListLayer(set, rule, trail);
  const [ranked = 0, least = ranked] = costs;
  const { ranks, highest } =
    costs.length === 2
      ? ranksOf(valuesOf(set, ranked))
      : { ranks: new Uint32Array(set.count).fill(1), highest: 1 };
  return () => new StaircaseLayer({ set, rule, trail, ranks, highest, least });
}

/** Label numbers by the decisive values, then by all values in order, then by candidates. */
export function sortLabels(set: LabelSet, decisive: readonly number[], trail: Trail): Uint32Array {
  const { values, width, count } = set;
  const keys = [...decisive, ...Array.from({ length: width }, (_, value) => value)];
  const order = orderOf(valuesOf(set, keys[0]!));
  const compare = (first: number, second: number) => {
    for (const key of keys) {
      const difference = values[first * width + key]! - values[second * width + key]!;
      if (difference !== 0) return difference;
    }
    return set.comparePaths(first, second, trail);
  };
  const isNext = (index: number) =>
    values[order[index]! * width + keys[0]!] === values[order[index - 1]! * width + keys[0]!];
  for (let start = 0, end = 1; start < count; start = end++) {
    while (end < count && isNext(end)) end++;
    if (end - start > 1) order.subarray(start, end).sort(compare);
  }
  return order;
}

function valuesOf({ values, width, count }: LabelSet, value: number): Strided {
  return { values, from: value, step: width, count };
}
