import type { Graph } from './graph.js';

/** Costs added to the objective, each at a price: `values` are value indices, `prices` their multipliers. */
export interface Prices {
  readonly values: readonly number[];
  readonly prices: Float64Array;
}

/** The cheapest completion of every partial network under given prices. */
export interface Relaxation {
  /** Least priced sum over all networks (limits not subtracted). */
  readonly least: number;
  /** `suffix[block][inputState]`: least priced sum of the blocks from this one on; the last entry is the head's. */
  readonly suffix: readonly Float64Array[];
  /** The network that attains `least`. */
  readonly candidates: Int32Array;
}

/** Objective plus priced costs of one vector in a table. */
export function pricedValue(table: Float64Array, at: number, { values, prices }: Prices): number {
  let sum = table[at]!;
  for (let index = 0; index < values.length; index++) sum += prices[index]! * table[at + values[index]!]!;
  return sum;
}

/** Solves the problem without limits, with costs priced into the objective: one pass over all candidates. */
export function relax(graph: Graph, prices: Prices): Relaxation {
  const count = graph.blocks.length;
  const suffix: Float64Array[] = new Array(count + 1);
  const choice: Int32Array[] = new Array(count);
  suffix[count] = Float64Array.from(graph.final, (values) => pricedValue(values, 0, prices));
  for (let index = count - 1; index >= 0; index--) {
    const block = graph.blocks[index]!;
    const states = block.values.length;
    suffix[index] = new Float64Array(states);
    choice[index] = new Int32Array(states);
    for (let state = 0; state < states; state++) {
      const best = cheapestEdge(block.values[state]!, block.output, suffix[index + 1]!, prices, graph.width);
      suffix[index]![state] = best.sum;
      choice[index]![state] = best.candidate;
    }
  }
  const candidates = new Int32Array(count);
  let state = 0;
  for (let index = 0; index < count; index++) {
    candidates[index] = choice[index]![state]!;
    state = graph.blocks[index]!.output[candidates[index]!]!;
  }
  return { least: pricedValue(graph.start, 0, prices) + suffix[0]![0]!, suffix, candidates };
}

function cheapestEdge(
  table: Float64Array,
  output: Uint16Array,
  after: Float64Array,
  prices: Prices,
  width: number,
) {
  // Up to two prices, the usual case, in scalars: this loop is most of the search's time.
  const few = prices.values.length <= 2;
  const [first = 0, second = 0] = prices.values;
  const [firstPrice = 0, secondPrice = 0] = prices.prices;
  let sum = Number.POSITIVE_INFINITY;
  let candidate = 0;
  for (let index = 0, at = 0; index < output.length; index++, at += width) {
    const own = few
      ? table[at]! + firstPrice * table[at + first]! + secondPrice * table[at + second]!
      : pricedValue(table, at, prices);
    const total = own + after[output[index]!]!;
    if (total < sum) {
      sum = total;
      candidate = index;
    }
  }
  return { sum, candidate };
}
