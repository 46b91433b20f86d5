import type { Budget } from './budget.js';
import type { DominanceRule } from './dominance.js';
import { DominatedGrid } from './dominated-grid.js';
import type { Graph } from './graph.js';
import { LabelSet, Trail } from './labels.js';
import { type Extension, type ExtensionStep, Layers, Room } from './layers.js';
import type { Limits } from './multipliers.js';
import { prune, sortLabels } from './prune.js';

/**
 * The whole Pareto front of the objective against the costs `traced` (value indices), within limits on any costs:
 * block by block all partial networks that no other beats in every traced or limited value.
 * @returns the candidates of each network on the front, by rising objective.
 * @throws SearchBudgetError where the front is too large to trace.
 */
export function traceFront(
  graph: Graph,
  limits: Limits,
  traced: readonly number[],
  budget: Budget,
): { networks: number[][]; labels: number } {
  const decisive = [0, ...traced];
  const active = [...decisive, ...limits.values.filter((value) => !decisive.includes(value))];
  const rule: DominanceRule = { active, decisive, margins: graph.margins, keep: 1, budget };
  const layers = new Layers(graph, rule, { pruneFrom: PRUNE_FROM });
  const complete = layers.run(new Unbeaten(graph, limits, rule), limits);
  const exact = { ...rule, active: decisive, margins: new Float64Array(graph.width) };
  keepFront(complete, exact, layers.trail);
  const networks = Array.from({ length: complete.count }, (_, label) => [
    ...layers.trail.path(complete.parents[label]!),
    complete.candidates[label]!,
  ]);
  return { networks, labels: layers.labels };
}

/** Early, as what is pruned tells the grid which extensions need not be made. */
const PRUNE_FROM = 1 << 12;

/** Reduces complete networks to the front: of those equal in all decisive values the first, unless beaten. */
function keepFront(set: LabelSet, rule: DominanceRule, trail: Trail): void {
  const { values, width } = set;
  const order = sortLabels(set, rule.decisive, trail);
  const distinct = order.filter((label, index) => {
    const before = order[index - 1];
    if (before === undefined) return true;
    return rule.decisive.some((value) => values[before * width + value] !== values[label * width + value]);
  });
  set.select(distinct, distinct.length);
  prune(set, rule, trail);
}

/** One label's extensions into one output state. */
interface LabelStep {
  readonly place: { readonly block: number; readonly output: number };
  readonly labels: LabelSet;
  readonly edges: LabelSet;
  readonly set: LabelSet;
  readonly grid: DominatedGrid | undefined;
}

/** Extends labels by every candidate that no other of the same input and output state beats. */
class Unbeaten implements Extension {
  readonly #graph: Graph;
  readonly #room: Room;
  readonly #rule: DominanceRule;
  readonly #grids = new WeakMap<LabelSet, DominatedGrid>();

  constructor(graph: Graph, limits: Limits, rule: DominanceRule) {
    this.#graph = graph;
    this.#room = new Room(graph, limits);
    this.#rule = rule;
  }

  extend({ block, state, labels, entry, next, settle }: ExtensionStep): void {
    this.#edges(block, state).forEach((edges, output) => {
      const set = next[output]!;
      const grid = this.#gridOf(set);
      const step = { place: { block, output }, labels, edges, set, grid };
      for (const label of spread(labels.count)) {
        this.#extendLabel(label, entry < 0 ? -1 : entry + label, step);
        const before = set.count;
        settle(edges.count);
        if (set.count < before) grid?.hold(set);
      }
    });
  }

  #extendLabel(label: number, entry: number, { place, labels, edges, set, grid }: LabelStep): void {
    const { width } = this.#graph;
    const from = label * width;
    for (let edge = 0, at = 0; edge < edges.count; edge++, at += width) {
      if (grid && beaten(grid, labels.values, from, edges.values, at)) continue;
      if (!this.#room.remains(place, labels.values, from, edges.values, at)) continue;
      const added = set.extend(labels.values, from, edges.values, at);
      set.link(added, entry, edges.candidates[edge]!);
    }
  }

  #gridOf(set: LabelSet): DominatedGrid | undefined {
    if (!DominatedGrid.serves(this.#rule)) return undefined;
    const grid = this.#grids.get(set) ?? new DominatedGrid(this.#rule);
    this.#grids.set(set, grid);
    return grid;
  }

  /** The unbeaten candidates between an input state and each output state. */
  #edges(block: number, state: number): LabelSet[] {
    const { width } = this.#graph;
    const { output, values, states } = this.#graph.blocks[block]!;
    const sets = Array.from({ length: states }, () => new LabelSet(width));
    const nothing = new Float64Array(width);
    for (let candidate = 0; candidate < output.length; candidate++) {
      const set = sets[output[candidate]!]!;
      set.link(set.extend(values[state]!, candidate * width, nothing, 0), -1, candidate);
    }
    const trail = new Trail();
    for (const set of sets) prune(set, this.#rule, trail);
    return sets;
  }
}

function beaten(
  grid: DominatedGrid,
  base: Float64Array,
  from: number,
  step: Float64Array,
  at: number,
): boolean {
  const { first, second } = grid;
  return grid.beats(
    base[from]! + step[at]!,
    base[from + first]! + step[at + first]!,
    base[from + second]! + step[at + second]!,
  );
}

/** All numbers below `count`, so that any first part of them is spread over the whole: strides that halve. */
function* spread(count: number): Generator<number> {
  let stride = 1;
  while (stride < count) stride *= 2;
  if (count > 0) yield 0;
  for (; stride > 1; stride /= 2) {
    for (let number = stride / 2; number < count; number += stride) yield number;
  }
}
