import type { Budget } from './budget.js';
import { extremeSum, type Graph } from './graph.js';
import type { LabelSet } from './labels.js';
import { type Extension, type ExtensionStep, Layers, Room } from './layers.js';
import type { Dual, Limits } from './multipliers.js';
import { sortLabels } from './prune.js';
import { pricedValue } from './relaxation.js';

/** What to find: the `count` best networks of objective at most `ceiling`. */
export interface Goal {
  readonly count: number;
  /** Objective above which nothing is wanted: a known network's, or a limit. */
  readonly ceiling: number;
  readonly budget: Budget;
}

/** A complete network: its candidates and its sums (objective first). */
export interface Network {
  readonly candidates: readonly number[];
  readonly sums: Float64Array;
}

/** The networks found, best first, and the work that it took. */
export interface Found {
  readonly networks: readonly Network[];
  readonly rounds: number;
  /** Partial networks kept, over all rounds. */
  readonly labels: number;
}

/**
 * Finds the best networks by raising a threshold from the Lagrangian bound: each round keeps every partial network
 * whose own sum plus cheapest completion under the prices does not exceed the threshold. All networks up to the
 * threshold are among those kept (or beaten by `count` others), so the first round that holds enough of them is the
 * proof.
 */
export function searchByThreshold(graph: Graph, limits: Limits, dual: Dual, goal: Goal): Found {
  const within = new WithinThreshold(graph, limits, dual);
  const active = [0, ...limits.values];
  const rule = { active, decisive: [0], margins: graph.margins, keep: goal.count, budget: goal.budget };
  let ceiling = Math.min(goal.ceiling, extremeSum(graph, 0, -1));
  const spread = extremeSum(graph, 0, -1) - extremeSum(graph, 0, 1);
  const gap = ceiling - dual.bound;
  let step = Math.max(spread / 8192, graph.magnitudes[0]! * 1e-12, gap * 1e-6, Number.MIN_VALUE);
  let labels = 0;
  for (let rounds = 1, threshold = dual.bound; ; rounds++) {
    threshold = Math.min(threshold, ceiling);
    within.threshold = threshold;
    const layers = new Layers(graph, rule);
    const complete = layers.run(within, limits);
    labels += layers.labels;
    const networks = listNetworks(complete, layers);
    const proven = networks.filter(({ sums }) => sums[0]! <= threshold).slice(0, goal.count);
    if (proven.length === goal.count || threshold >= ceiling) return { networks: proven, rounds, labels };
    if (networks.length >= goal.count) ceiling = Math.min(ceiling, networks[goal.count - 1]!.sums[0]!);
    threshold += step;
    // The number of labels grows like a high power of the step: fast while there are few, then carefully.
    step *= layers.labels < 1000 ? 2 : layers.labels < 20_000 ? 1.4 : 1.15;
  }
}

function listNetworks(set: LabelSet, layers: Layers): Network[] {
  return Array.from(sortLabels(set, [0], layers.trail), (label) => ({
    candidates: [...layers.trail.path(set.parents[label]!), set.candidates[label]!],
    sums: set.values.slice(label * set.width, (label + 1) * set.width),
  }));
}

/** Extends labels by the candidates that stay below the threshold, cheapest first. */
class WithinThreshold implements Extension {
  threshold = 0;
  readonly #graph: Graph;
  readonly #dual: Dual;
  readonly #room: Room;
  /** Priced sum of each candidate and its cheapest completion: `[block][inputState][candidate]`. */
  readonly #keys: readonly (readonly Float64Array[])[];
  readonly #priceOfLimits: number;
  readonly #slack: number;

  constructor(graph: Graph, limits: Limits, dual: Dual) {
    this.#graph = graph;
    this.#dual = dual;
    this.#room = new Room(graph, limits);
    const { values, prices } = dual.prices;
    this.#priceOfLimits = limits.bounds.reduce((sum, bound, index) => sum + bound * prices[index]!, 0);
    const magnitude = values.reduce(
      (sum, value, index) =>
        sum + prices[index]! * (graph.magnitudes[value]! + Math.abs(limits.bounds[index]!)),
      graph.magnitudes[0]!,
    );
    this.#slack = magnitude * (graph.blocks.length + 4) * 16 * Number.EPSILON;
    this.#keys = graph.blocks.map((block, index) =>
      block.values.map((table) =>
        Float64Array.from(block.output, (output, candidate) => {
          const own = pricedValue(table, candidate * graph.width, dual.prices);
          return own + dual.relaxation.suffix[index + 1]![output]!;
        }),
      ),
    );
  }

  extend({ block, state, labels, entry, next, settle }: ExtensionStep): void {
    if (labels.count === 0) return;
    const { width } = this.#graph;
    const { output, values } = this.#graph.blocks[block]!;
    const table = values[state]!;
    const keys = this.#keys[block]![state]!;
    const rooms = this.#roomsOf(labels);
    const edges = belowThreshold(
      keys,
      rooms.reduce((most, room) => Math.max(most, room), -Infinity),
    );
    for (let label = 0; label < labels.count; label++) {
      let tried = 0;
      for (const candidate of edges) {
        tried++;
        if (keys[candidate]! > rooms[label]!) break;
        const place = { block, output: output[candidate]! };
        if (!this.#room.remains(place, labels.values, label * width, table, candidate * width)) continue;
        const set = next[place.output]!;
        const added = set.extend(labels.values, label * width, table, candidate * width);
        set.link(added, entry < 0 ? -1 : entry + label, candidate);
      }
      settle(tried);
    }
  }

  /** How much each label leaves below the threshold. */
  #roomsOf(labels: LabelSet): Float64Array {
    const top = this.threshold + this.#priceOfLimits + this.#slack;
    return Float64Array.from({ length: labels.count }, (_, label) => {
      return top - pricedValue(labels.values, label * labels.width, this.#dual.prices);
    });
  }
}

/** The candidates whose key is at most `most`, by key. */
function belowThreshold(keys: Float64Array, most: number): number[] {
  const below: number[] = [];
  for (let candidate = 0; candidate < keys.length; candidate++) {
    if (keys[candidate]! <= most) below.push(candidate);
  }
  return below.sort((first, second) => keys[first]! - keys[second]!);
}
