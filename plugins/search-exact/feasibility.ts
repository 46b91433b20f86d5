import type { Budget } from './budget.js';
import { buildGraph, extremeSum, type Graph } from './graph.js';
import { bestPrices, type Dual, finiteLimits } from './multipliers.js';
import type { LimitReport, SearchProblem } from './problem.js';
import { searchByThreshold } from './threshold.js';

/** The smallest reachable value of each cost, on its own: sums of some network, in block order. */
export function smallestCosts(problem: SearchProblem): Float64Array {
  const graph = buildGraph(problem);
  return Float64Array.from(problem.costNames, (_, cost) => extremeSum(graph, cost + 1, 1));
}

/**
 * Some network within the limits, or undefined where there is none. Minimises the first limited cost under the other
 * limits with the search itself; whether those can be met is the same question with one limit less.
 */
export function findWithin(
  problem: SearchProblem,
  limits: readonly number[],
  budget: Budget,
): readonly number[] | undefined {
  const cost = limits.findIndex((limit) => limit < Number.POSITIVE_INFINITY);
  const graph = buildGraph(problem, problem.costNames.length > 0 ? Math.max(cost, 0) : -1);
  const rest = without(limits, cost);
  const ceiling = cost < 0 ? Number.POSITIVE_INFINITY : limits[cost]!;
  const dual = bestPrices(graph, finiteLimits(rest));
  if (dual.met && dual.met.sums[0]! <= ceiling) return [...dual.met.candidates];
  return leastWithin(problem, { graph, dual, limits: rest, ceiling, budget })?.candidates;
}

/**
 * The smallest value of a cost among networks within the limits on the other costs, the sum of some network in block
 * order; undefined where no network meets those.
 */
export function smallestWithin(
  problem: SearchProblem,
  limits: readonly number[],
  cost: number,
  budget: Budget,
): number | undefined {
  const graph = buildGraph(problem, cost);
  const rest = without(limits, cost);
  const dual = bestPrices(graph, finiteLimits(rest));
  const ceiling = Number.POSITIVE_INFINITY;
  return leastWithin(problem, { graph, dual, limits: rest, ceiling, budget })?.sums[0];
}

function without(limits: readonly number[], cost: number): number[] {
  return limits.map((limit, index) => (index === cost ? Number.POSITIVE_INFINITY : limit));
}

/** What to find: the network of the graph's least objective, up to `ceiling`, within the limits. */
interface LeastGoal {
  readonly graph: Graph;
  readonly dual: Dual;
  readonly limits: readonly number[];
  readonly ceiling: number;
  readonly budget: Budget;
}

function leastWithin(problem: SearchProblem, { graph, dual, limits, ceiling, budget }: LeastGoal) {
  // Pricing adds from the last block back and may miss the least sum in block order by a rounding: the search decides.
  if (!dual.met && !findWithin(problem, limits, budget)) return undefined;
  const { networks } = searchByThreshold(graph, finiteLimits(limits), dual, { count: 1, ceiling, budget });
  return networks[0];
}

/** The limits that no network can meet, each on its own. */
export function impossibleLimits(problem: SearchProblem, limits: readonly number[]): LimitReport[] {
  return reportLimits(problem, limits).filter(({ limit, smallest }) => smallest > limit);
}

/** Each finite limit beside the smallest reachable value of its cost. */
export function reportLimits(problem: SearchProblem, limits: readonly number[]): LimitReport[] {
  const smallest = smallestCosts(problem);
  return problem.costNames.flatMap((name, cost) => {
    const limit = limits[cost]!;
    return limit < Number.POSITIVE_INFINITY ? [{ cost, name, limit, smallest: smallest[cost]! }] : [];
  });
}
