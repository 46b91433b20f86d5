import { extremeSum, type Graph, sumValues } from './graph.js';
import { type Prices, type Relaxation, relax } from './relaxation.js';

/** Upper bounds on some of the graph's values. */
export interface Limits {
  /** Value indices (cost index + 1). */
  readonly values: readonly number[];
  readonly bounds: Float64Array;
}

/** The finite limits among one a cost. */
export function finiteLimits(limits: readonly number[]): Limits {
  const costs = limits.flatMap((limit, cost) => (limit < Number.POSITIVE_INFINITY ? [cost] : []));
  return { values: costs.map((cost) => cost + 1), bounds: Float64Array.from(costs, (cost) => limits[cost]!) };
}

/** Whether a vector of sums keeps every limit. */
export function withinLimits(sums: Float64Array, { values, bounds }: Limits): boolean {
  return values.every((value, index) => sums[value]! <= bounds[index]!);
}

/** The best lower bound that pricing the limits gives, and a network met on the way. */
export interface Dual {
  readonly prices: Prices;
  readonly relaxation: Relaxation;
  /** No network within the limits has a smaller objective (up to rounding). */
  readonly bound: number;
  /** The best network within the limits that was met, if any. */
  readonly met: Met | undefined;
}

/** A network known to keep the limits, and its sums. */
export interface Met {
  readonly candidates: Int32Array;
  readonly sums: Float64Array;
}

interface Column {
  readonly cost: number;
  /** One entry a limit (excess, scaled), then 1 for a network and 0 for a slack. */
  readonly entries: Float64Array;
}

const MAXIMUM_ITERATIONS = 120;

/**
 * Maximises the Lagrangian bound `min over networks of objective + Σ price · (cost − limit)` over prices ≥ 0, by
 * column generation: the simplex method on mixtures of networks, in which `relax` finds the network to bring in.
 * Any prices give a valid bound, so an early stop costs time in the search that follows, never exactness.
 */
export function bestPrices(graph: Graph, limits: Limits): Dual {
  const master = new Master(graph, limits);
  let best = master.price(new Float64Array(limits.values.length));
  if (limits.values.length === 0) return best;
  master.begin(best.relaxation);
  let met = best.met;
  for (let iteration = 0; iteration < MAXIMUM_ITERATIONS; iteration++) {
    const duals = master.duals();
    const repair = master.wrongSign(duals);
    if (repair) {
      if (!master.enter(repair)) break;
      continue;
    }
    const found = master.price(duals.subarray(0, -1).map((dual) => Math.max(0, -dual)));
    if (found.met && !(met && met.sums[0]! <= found.met.sums[0]!)) met = found.met;
    if (found.bound > best.bound) best = found;
    if (!master.improves(found.bound, duals) || !master.enter(master.column(found.relaxation))) break;
  }
  return { ...best, met };
}

/** The restricted problem over the networks met so far; prices are per scaled unit of excess. */
class Master {
  readonly #graph: Graph;
  readonly #limits: Limits;
  readonly #scales: Float64Array;
  readonly #spread: number;
  readonly #penalty: number;
  #basis: Column[] = [];

  constructor(graph: Graph, limits: Limits) {
    this.#graph = graph;
    this.#limits = limits;
    this.#scales = Float64Array.from(limits.values, (value) => {
      return extremeSum(graph, value, -1) - extremeSum(graph, value, 1) || 1;
    });
    this.#spread = extremeSum(graph, 0, -1) - extremeSum(graph, 0, 1) || 1;
    this.#penalty = this.#spread * 1e4;
  }

  price(scaled: Float64Array): Dual {
    const { values, bounds } = this.#limits;
    const prices = { values, prices: scaled.map((price, index) => price / this.#scales[index]!) };
    const relaxation = relax(this.#graph, prices);
    const bound = bounds.reduce((sum, limit, index) => sum - prices.prices[index]! * limit, relaxation.least);
    const sums = sumValues(this.#graph, relaxation.candidates);
    const met = withinLimits(sums, this.#limits) ? { candidates: relaxation.candidates, sums } : undefined;
    return { prices, relaxation, bound, met };
  }

  column(relaxation: Relaxation): Column {
    const sums = sumValues(this.#graph, relaxation.candidates);
    const { values, bounds } = this.#limits;
    const excess = values.map((value, index) => (sums[value]! - bounds[index]!) / this.#scales[index]!);
    return { cost: sums[0]!, entries: Float64Array.of(...excess, 1) };
  }

  begin(relaxation: Relaxation): void {
    const network = this.column(relaxation);
    const slacks = this.#limits.values.map((_, index) => this.#slack(index, network.entries[index]! <= 0));
    this.#basis = [...slacks, network];
  }

  /** A slack of limit `index`, or the artificial one that lets the limit be broken at a penalty. */
  #slack(index: number, kept: boolean): Column {
    const entries = new Float64Array(this.#limits.values.length + 1);
    entries[index] = kept ? 1 : -1;
    return { cost: kept ? 0 : this.#penalty, entries };
  }

  #rightSide(): Float64Array {
    const side = new Float64Array(this.#basis.length).fill(1);
    // A hair of room, different for each limit, keeps the simplex from stalling on zero steps.
    for (let index = 0; index < side.length - 1; index++) side[index] = 1e-9 * (index + 1);
    return side;
  }

  duals(): Float64Array {
    const rows = this.#basis.map((column) => column.entries);
    return solveLinear(
      rows,
      Float64Array.from(this.#basis, (column) => column.cost),
    );
  }

  /** The slack that must come in because its price is negative or above the penalty. */
  wrongSign(duals: Float64Array): Column | undefined {
    const tolerance = 1e-12 * this.#penalty;
    for (let index = 0; index < duals.length - 1; index++) {
      if (duals[index]! > tolerance) return this.#slack(index, true);
      if (-duals[index]! > this.#penalty + tolerance) return this.#slack(index, false);
    }
    return undefined;
  }

  improves(bound: number, duals: Float64Array): boolean {
    return bound < duals[duals.length - 1]! - 1e-10 * this.#spread;
  }

  /** One pivot; false where no column can leave. */
  enter(column: Column): boolean {
    const size = this.#basis.length;
    const rows = Array.from({ length: size }, (_, row) =>
      Float64Array.from(this.#basis, (member) => member.entries[row]!),
    );
    const level = solveLinear(rows, this.#rightSide());
    const change = solveLinear(rows, column.entries);
    let leaving = -1;
    let smallest = Number.POSITIVE_INFINITY;
    for (let index = 0; index < size; index++) {
      if (!(change[index]! > 1e-12)) continue;
      const ratio = level[index]! / change[index]!;
      if (ratio < smallest) {
        smallest = ratio;
        leaving = index;
      }
    }
    if (leaving < 0) return false;
    this.#basis[leaving] = column;
    return true;
  }
}

/** Solves a small dense system by elimination with row exchange; a singular one gives numbers that are not finite. */
function solveLinear(rows: readonly Float64Array[], side: Float64Array): Float64Array {
  const size = side.length;
  const matrix = rows.map((row, index) => Float64Array.of(...row, side[index]!));
  for (let pivot = 0; pivot < size; pivot++) {
    let largest = pivot;
    for (let row = pivot + 1; row < size; row++) {
      if (Math.abs(matrix[row]![pivot]!) > Math.abs(matrix[largest]![pivot]!)) largest = row;
    }
    [matrix[pivot], matrix[largest]] = [matrix[largest]!, matrix[pivot]!];
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue;
      const factor = matrix[row]![pivot]! / matrix[pivot]![pivot]!;
      for (let column = pivot; column <= size; column++) {
        matrix[row]![column]! -= factor * matrix[pivot]![column]!;
      }
    }
  }
  return Float64Array.from(matrix, (row, index) => row[size]! / row[index]!);
}
