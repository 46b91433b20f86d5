import type { CellRatings, CountedSpace, SearchAnswer, SearchProof, SearchQuery } from 'dna-nas/core/stages';
import { DnaError } from 'dna-nas/errors';
import { differentTop } from './different-top.js';
import { impossibleLimits, limitsOf, unknownCost } from './limits.js';
import {
  costFront,
  type Optimum,
  paretoFront,
  SearchBudgetError,
  type SearchProblem,
  type Solution,
  solve,
} from './solver.js';
import { spaceProblem } from './space-problem.js';

const RATING = 'rating';
const ADVICE = 'raise one of them, or lift it';

interface Question {
  readonly ratings: readonly CellRatings[];
  readonly query: SearchQuery;
  /** The configuration's. */
  readonly ownLimits: Readonly<Record<string, number>>;
}

/**
 * Answers from ratings that are on the search's scale already. Exact in all that it lists.
 * @throws DnaError `UNKNOWN_COST`, `LIMITS_IMPOSSIBLE`, `SEARCH_TOO_LARGE`.
 */
export function answerQuery(place: CountedSpace, { ratings, query, ownLimits }: Question): SearchAnswer {
  const space = spaceProblem(place, ratings);
  const { problem, found } = space;
  const { top = 10, front, ownLimits: holds = true } = query;
  const limits = limitsOf(problem, { ...(holds && ownLimits), ...query.limits });
  const costs = front && costsOf(problem, front);
  return withinBudget(() => {
    const best = solve(problem, limits);
    if (!best.feasible) throw impossibleLimits(problem, limits, { infeasible: best, advice: ADVICE });
    return {
      costNames: problem.costNames,
      limits: finite(problem, limits),
      best: found(best),
      proof: proofOf(best, limits),
      top: differentTop(space, { space: place.space, limits, count: top }).map(found),
      ...(front && { front: traceBy(front, { problem, limits, costs: costs! }).map(found) }),
    };
  });
}

function finite({ costNames }: SearchProblem, limits: readonly number[]): Record<string, number> {
  const entries = costNames.map((name, cost) => [name, limits[cost]!] as const);
  return Object.fromEntries(entries.filter(([, limit]) => limit < Number.POSITIVE_INFINITY));
}

function proofOf({ rating, bound, labels }: Optimum, limits: readonly number[]): SearchProof {
  const text = limits.some(Number.isFinite)
    ? `Pricing the limits bounds the ratings by ${bound.toPrecision(6)}; ${labels} partial networks closed the rest.`
    : 'Without limits it is the best candidate of each block.';
  return { bound: rating, gap: 0, text };
}

/** The indices of the costs that a front names beside the rating. */
function costsOf({ costNames }: SearchProblem, front: readonly string[]): number[] {
  return front
    .filter((name) => name !== RATING)
    .map((name) => {
      const cost = costNames.indexOf(name);
      if (cost < 0) throw unknownCost(name, { costNames: [RATING, ...costNames], where: `front: ${name}` });
      return cost;
    });
}

interface FrontRequest {
  readonly problem: SearchProblem;
  readonly limits: readonly number[];
  readonly costs: readonly number[];
}

function traceBy(front: readonly string[], { problem, limits, costs }: FrontRequest): Solution[] {
  if (!front.includes(RATING)) return costFront(problem, limits, costs);
  const networks = paretoFront(problem, limits, costs);
  if (front[0] === RATING) return networks;
  const [first] = costs as [number];
  return networks.sort((one, other) => one.costs[first]! - other.costs[first]!);
}

function withinBudget<Result>(search: () => Result): Result {
  try {
    return search();
  } catch (error) {
    if (!(error instanceof SearchBudgetError)) throw error;
    throw new DnaError('SEARCH_TOO_LARGE', error.found, `${error.advice}.`, { cause: error });
  }
}
