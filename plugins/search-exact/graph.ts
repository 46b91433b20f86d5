import type { SearchProblem } from './problem.js';

/**
 * The problem as a layered graph whose edges carry one vector of `width` values: the objective first, then every
 * cost in the problem's order. The objective is the rating, or a cost where the question is how low that one can go.
 */
export interface Graph {
  /** 1 + number of costs. */
  readonly width: number;
  readonly blocks: readonly GraphBlock[];
  readonly start: Float64Array;
  /** Values added after each output state of the last block. */
  readonly final: readonly Float64Array[];
  /**
   * For each value the largest error that rounding can make in a network's sum: 0 where all terms are whole
   * numbers. A difference above it between two partial networks survives any common completion.
   */
  readonly margins: Float64Array;
  /** For each value a bound on the magnitude of every partial sum. */
  readonly magnitudes: Float64Array;
}

export interface GraphBlock {
  readonly states: number;
  readonly output: Uint16Array;
  /** `values[inputState][candidate * width + value]` */
  readonly values: readonly Float64Array[];
}

/** Builds the graph that minimises the rating (`objective` −1) or the cost of that index. */
export function buildGraph(problem: SearchProblem, objective = -1): Graph {
  const width = problem.costNames.length + 1;
  const lead = (costs: Float64Array) => Float64Array.of(objective < 0 ? 0 : costs[objective]!, ...costs);
  const start = lead(problem.fixed);
  const final = problem.final.map(lead);
  const blocks = problem.blocks.map((block) => ({
    states: block.states,
    output: Uint16Array.from(block.output),
    values: block.costs.map((costs) => joinValues(block.ratings, costs, width, objective)),
  }));
  return { width, blocks, start, final, ...measureRounding(width, blocks, start, final) };
}

function joinValues(ratings: Float64Array, costs: Float64Array, width: number, objective: number) {
  const values = new Float64Array(ratings.length * width);
  const costCount = width - 1;
  for (let candidate = 0; candidate < ratings.length; candidate++) {
    const from = candidate * costCount;
    const to = candidate * width;
    values[to] = objective < 0 ? ratings[candidate]! : costs[from + objective]!;
    for (let cost = 0; cost < costCount; cost++) values[to + 1 + cost] = costs[from + cost]!;
  }
  return values;
}

function measureRounding(
  width: number,
  blocks: readonly GraphBlock[],
  start: Float64Array,
  final: readonly Float64Array[],
) {
  const magnitudes = new Float64Array(width);
  const whole = new Uint8Array(width).fill(1);
  for (const tables of [[start], ...blocks.map((block) => block.values), final]) {
    addLargest(tables, magnitudes, whole);
  }
  const margins = magnitudes.map((magnitude, value) =>
    whole[value] && magnitude < Number.MAX_SAFE_INTEGER
      ? 0
      : magnitude * (blocks.length + 2) * 4 * Number.EPSILON,
  );
  return { magnitudes, margins };
}

function addLargest(tables: readonly Float64Array[], magnitudes: Float64Array, whole: Uint8Array): void {
  const width = magnitudes.length;
  for (let value = 0; value < width; value++) {
    let largest = 0;
    let fraction = 0;
    for (const table of tables) {
      for (let at = value; at < table.length; at += width) {
        const magnitude = Math.abs(table[at]!);
        if (magnitude > largest) largest = magnitude;
        if (magnitude !== Math.floor(magnitude)) fraction = 1;
      }
    }
    magnitudes[value]! += largest;
    if (fraction) whole[value] = 0;
  }
}

/** The values of a whole network, added in block order: the one order in which sums are compared and reported. */
export function sumValues(graph: Graph, candidates: ArrayLike<number>): Float64Array {
  const { width } = graph;
  const sums = Float64Array.from(graph.start);
  let state = 0;
  graph.blocks.forEach((block, index) => {
    const candidate = candidates[index]!;
    const values = block.values[state]!;
    for (let value = 0; value < width; value++) sums[value]! += values[candidate * width + value]!;
    state = block.output[candidate]!;
  });
  const final = graph.final[state]!;
  for (let value = 0; value < width; value++) sums[value]! += final[value]!;
  return sums;
}

/**
 * The smallest (`sign` 1) or largest (−1) sum of one value over all networks. Runs in block order, so that it is
 * exactly the sum that some network reports.
 */
export function extremeSum(graph: Graph, value: number, sign: 1 | -1): number {
  const { width } = graph;
  let reached = Float64Array.of(sign * graph.start[value]!);
  for (const block of graph.blocks) {
    const next = new Float64Array(block.states).fill(Number.POSITIVE_INFINITY);
    reached.forEach((before, state) => {
      const values = block.values[state]!;
      for (let candidate = 0; candidate < block.output.length; candidate++) {
        const sum = before + sign * values[candidate * width + value]!;
        const output = block.output[candidate]!;
        if (sum < next[output]!) next[output] = sum;
      }
    });
    reached = next;
  }
  return (
    sign *
    reached.reduce((best, sum, state) => Math.min(best, sum + sign * graph.final[state]![value]!), Infinity)
  );
}
