import type { Budget } from './budget.js';
import { findWithin, impossibleLimits, reportLimits, smallestCosts } from './feasibility.js';
import { buildGraph, type Graph, sumValues } from './graph.js';
import type { Infeasible, LimitReport, SearchProblem, Solution } from './problem.js';

/** Relative accuracy of the closest network's excess. */
const ACCURACY = 1e-6;

/** A network as the caller sees it. */
export function toSolution(graph: Graph, candidates: readonly number[]): Solution {
  const sums = sumValues(graph, candidates);
  return { feasible: true, candidates, rating: sums[0]!, costs: sums.slice(1) };
}

/** The report on limits that no network meets. */
export function explainInfeasible(
  problem: SearchProblem,
  limits: readonly number[],
  budget: Budget,
): Infeasible {
  const impossible = impossibleLimits(problem, limits);
  const reason = impossible.length > 0 ? 'limit' : 'together';
  const reports = impossible.length > 0 ? impossible : reportLimits(problem, limits);
  const closest = closestNetwork(problem, limits, budget);
  return { feasible: false, reason, limits: reports, closest, message: tell(reason, reports, closest) };
}

function tell(reason: 'limit' | 'together', reports: readonly LimitReport[], closest: Solution): string {
  const list = reports.map(
    ({ name, limit, smallest }) => `${name} ≤ ${limit} (smallest reachable: ${smallest})`,
  );
  if (reason === 'limit') {
    return `No network meets ${list.join(', nor ')}. Raise the limit to at least the smallest reachable value.`;
  }
  const reached = reports.map(({ cost, name }) => `${name} ${closest.costs[cost]}`);
  return (
    `Each limit can be met alone, but no network meets ${list.join(' and ')} together. ` +
    `The closest has ${reached.join(', ')}: raise at least one limit.`
  );
}

/**
 * The network whose greatest excess over the limits, relative to each cost's smallest reachable value, is least: by
 * bisection on the excess allowed. Each network met on the way brings the upper end down to its own excess.
 */
function closestNetwork(problem: SearchProblem, limits: readonly number[], budget: Budget): Solution {
  const graph = buildGraph(problem);
  const smallest = smallestCosts(problem);
  // A limit of −Infinity cannot be approached; as a goal the smallest reachable value stands for it.
  const goals = limits.map((limit, cost) => (limit === Number.NEGATIVE_INFINITY ? smallest[cost]! : limit));
  const scales = smallest.map((value) => Math.abs(value) || 1);
  const excessOf = ({ costs }: Solution) =>
    goals.reduce((most, goal, cost) => Math.max(most, (costs[cost]! - goal) / scales[cost]!), 0);
  const within = (excess: number) => {
    const relaxed = goals.map((goal, cost) => goal + excess * scales[cost]!);
    const candidates = findWithin(problem, relaxed, budget);
    return candidates && toSolution(graph, candidates);
  };
  let best = within(Number.POSITIVE_INFINITY)!;
  let low = 0;
  while (excessOf(best) - low > ACCURACY * Math.max(1, excessOf(best))) {
    const middle = (low + excessOf(best)) / 2;
    const next = within(middle);
    if (next && excessOf(next) < excessOf(best)) best = next;
    else low = middle;
  }
  return best;
}
