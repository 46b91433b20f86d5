import { Budget, SearchBudgetError, type SearchOptions } from './budget.js';
import { findWithin, impossibleLimits, smallestWithin } from './feasibility.js';
import { traceFront } from './front.js';
import { buildGraph, type Graph } from './graph.js';
import { explainInfeasible, toSolution } from './infeasible.js';
import { bestPrices, finiteLimits } from './multipliers.js';
import {
  checkCosts,
  checkLimits,
  checkProblem,
  type Infeasible,
  type LimitReport,
  type SearchBlock,
  type SearchProblem,
  type Solution,
  withRatingAsCost,
} from './problem.js';
import { type Found, searchByThreshold } from './threshold.js';

export { smallestCosts } from './feasibility.js';
export {
  type Infeasible,
  type LimitReport,
  type SearchBlock,
  SearchBudgetError,
  type SearchOptions,
  type SearchProblem,
  type Solution,
};

/** The optimum and the work behind it. */
export interface Optimum extends Solution {
  /** Lower bound on the rating of every network within the limits, from pricing the limits. */
  readonly bound: number;
  /** Partial networks kept while closing the gap between `bound` and the rating. */
  readonly labels: number;
}

const ADVICE = 'Limit fewer costs, ask for fewer networks, leave out candidates';
const FRONT_ADVICE =
  'Trace fewer costs at once (a front against one cost is far smaller), limit fewer costs, set tighter limits';

/**
 * The best network within the limits (upper bounds, one a cost, `Infinity` for none), proven; or why there is none.
 * Of equal ratings the one of lowest costs in the order of the cost names is taken, then the one of lexicographically
 * lowest candidate numbers.
 * @throws RangeError where the problem or the limits are malformed.
 */
export function solve(
  problem: SearchProblem,
  limits: readonly number[],
  options: SearchOptions = {},
): Optimum | Infeasible {
  const budget = new Budget(options, ADVICE);
  const found = best(problem, limits, 1, budget);
  if (!found) return explainInfeasible(problem, limits, budget);
  const solution = toSolution(found.graph, found.networks[0]!.candidates);
  return { ...solution, bound: Math.min(found.bound, solution.rating), labels: found.labels };
}

/**
 * Why no network meets the limits, or undefined where some network does. Looks at costs alone: the question for a
 * space that has no ratings yet.
 */
export function whyImpossible(
  problem: SearchProblem,
  limits: readonly number[],
  options: SearchOptions = {},
): Infeasible | undefined {
  checkProblem(problem);
  checkLimits(problem, limits);
  const budget = new Budget(options, ADVICE);
  if (findWithin(problem, limits, budget)) return undefined;
  return explainInfeasible(problem, limits, budget);
}

/**
 * The smallest value of a cost among networks within the limits on the other costs; undefined where no network meets
 * those.
 */
export function smallestCost(
  problem: SearchProblem,
  limits: readonly number[],
  cost: number,
  options: SearchOptions = {},
): number | undefined {
  checkProblem(problem);
  checkLimits(problem, limits);
  checkCosts(problem, [cost]);
  return smallestWithin(problem, limits, cost, new Budget(options, ADVICE));
}

/**
 * The `count` best networks within the limits, best first (fewer where fewer exist, none where the limits cannot be
 * met), in the order that `solve` documents.
 */
export function topK(
  problem: SearchProblem,
  limits: readonly number[],
  count: number,
  options: SearchOptions = {},
): Solution[] {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`topK wants a whole number of networks from 1, not ${count}.`);
  }
  const found = best(problem, limits, count, new Budget(options, ADVICE));
  return found ? found.networks.map(({ candidates }) => toSolution(found.graph, candidates)) : [];
}

/**
 * All networks within the limits that no other equals or beats in rating and in every cost of `costIndices`, by
 * rising rating. Of networks equal in all these, the one that `solve` would prefer.
 * @throws SearchBudgetError where the front is too large to trace; its message says what to change.
 */
export function paretoFront(
  problem: SearchProblem,
  limits: readonly number[],
  costIndices: readonly number[],
  options: SearchOptions = {},
): Solution[] {
  checkProblem(problem);
  checkLimits(problem, limits);
  checkCosts(problem, costIndices);
  const graph = buildGraph(problem);
  const traced = [...new Set(costIndices)].map((cost) => cost + 1);
  const { networks } = traceFront(graph, finiteLimits(limits), traced, new Budget(options, FRONT_ADVICE));
  return networks.map((candidates) => toSolution(graph, candidates));
}

/**
 * All networks within the limits that no other equals or beats in every cost of `costIndices`, whatever their ratings,
 * by the first of these costs, rising. Of networks equal in all these, the one that `solve` would prefer.
 * @throws SearchBudgetError where the front is too large to trace; its message says what to change.
 */
export function costFront(
  problem: SearchProblem,
  limits: readonly number[],
  costIndices: readonly number[],
  options: SearchOptions = {},
): Solution[] {
  checkProblem(problem);
  checkLimits(problem, limits);
  checkCosts(problem, costIndices);
  const [objective, ...others] = [...new Set(costIndices)];
  if (objective === undefined) throw new RangeError('A front of costs wants one cost or more, found none.');
  const graph = buildGraph(withRatingAsCost(problem), objective + 1);
  const finite = finiteLimits([Number.POSITIVE_INFINITY, ...limits]);
  const traced = others.map((cost) => cost + 2);
  const { networks } = traceFront(graph, finite, traced, new Budget(options, FRONT_ADVICE));
  const rated = buildGraph(problem);
  return networks.map((candidates) => toSolution(rated, candidates));
}

interface Best extends Found {
  readonly graph: Graph;
  readonly bound: number;
}

/** The best networks, or undefined where no network meets the limits. */
function best(
  problem: SearchProblem,
  limits: readonly number[],
  count: number,
  budget: Budget,
): Best | undefined {
  checkProblem(problem);
  checkLimits(problem, limits);
  if (impossibleLimits(problem, limits).length > 0) return undefined;
  const graph = buildGraph(problem);
  const finite = finiteLimits(limits);
  const dual = bestPrices(graph, finite);
  const known = dual.met?.candidates ?? findWithin(problem, limits, budget);
  if (!known) return undefined;
  const ceiling = count === 1 ? toSolution(graph, [...known]).rating : Number.POSITIVE_INFINITY;
  return {
    graph,
    bound: dual.bound,
    ...searchByThreshold(graph, finite, dual, { count, ceiling, budget }),
  };
}
