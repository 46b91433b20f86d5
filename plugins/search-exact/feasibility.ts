import type { Budget } from './budget.js';
import { buildGraph, extremeSum } from './graph.js';
import { bestPrices, finiteLimits } from './multipliers.js';
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
  const objective = Math.max(cost, 0);
  const graph = buildGraph(problem, problem.costNames.length > 0 ? objective : -1);
  const rest = limits.map((limit, index) => (index === cost ? Number.POSITIVE_INFINITY : limit));
  const wanted = cost < 0 ? Number.POSITIVE_INFINITY : limits[cost]!;
  const others = finiteLimits(rest);
  const dual = bestPrices(graph, others);
  if (dual.met && dual.met.sums[0]! <= wanted) return [...dual.met.candidates];
  // Pricing adds from the last block back and may miss the least sum in block order by a rounding: the search decides.
  if (!dual.met && !findWithin(problem, rest, budget)) return undefined;
  const { networks } = searchByThreshold(graph, others, dual, { count: 1, ceiling: wanted, budget });
  return networks[0]?.candidates;
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
