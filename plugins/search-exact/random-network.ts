import type { RandomStream } from 'dna-nas/core';
import type { SearchProblem, Solution } from './solver.js';

const DRAWS = 20_000;
/** A network is of the same cost when no cost differs by more than this share. */
const TOLERANCE = 0.02;

/** What random networks are to be like. */
interface Target {
  readonly best: Solution;
  /** One a cost. */
  readonly limits: readonly number[];
  readonly random: RandomStream;
}

/**
 * Different networks, each drawn uniformly from the space until its macs and params are within 2 % of the best's and all
 * limits are met; if none of 20,000 draws is, the one of them that came nearest. The control that shows what the ratings
 * are worth. Each has draws of its own, so that the first ones are the same however many are asked for. Fewer where the
 * draws meet no others; the best itself where they meet none at all.
 */
export function randomsOfSameCost(problem: SearchProblem, target: Target, count: number): Solution[] {
  const found: Solution[] = [];
  const taken = new Set([target.best.candidates.join()]);
  for (let number = 0; number < count; number++) {
    const next = drawNearest(problem, target, { first: number * DRAWS, taken });
    if (!next) break;
    found.push(next);
    taken.add(next.candidates.join());
  }
  return found.length > 0 ? found : [target.best];
}

/** Of the draws from `first` on, the one that `randomsOfSameCost` takes. */
function drawNearest(
  problem: SearchProblem,
  { best, limits, random }: Target,
  { first, taken }: { readonly first: number; readonly taken: ReadonlySet<string> },
): Solution | undefined {
  let nearest: { solution: Solution; distance: number } | undefined;
  for (let draw = first; draw < first + DRAWS; draw++) {
    const stream = random.fork('random', draw);
    const candidates = problem.blocks.map(({ ratings }) => stream.integer(ratings.length));
    if (taken.has(candidates.join())) continue;
    const solution = assemble(problem, candidates);
    if (solution.costs.some((cost, index) => cost > limits[index]!)) continue;
    const distance = distanceOf(problem, solution, best);
    if (!nearest || distance < nearest.distance) nearest = { solution, distance };
    if (distance <= TOLERANCE) break;
  }
  return nearest?.solution;
}

/** Greatest relative difference of macs and params. */
function distanceOf({ costNames }: SearchProblem, one: Solution, other: Solution): number {
  const differences = ['macs', 'params'].map((name) => {
    const index = costNames.indexOf(name);
    return Math.abs(one.costs[index]! - other.costs[index]!) / Math.max(other.costs[index]!, 1);
  });
  return Math.max(...differences);
}

/** Rating and costs of a network, added in block order. */
function assemble(problem: SearchProblem, candidates: readonly number[]): Solution {
  const costs = Float64Array.from(problem.fixed);
  let state = 0;
  let rating = 0;
  candidates.forEach((candidate, index) => {
    const block = problem.blocks[index]!;
    rating += block.ratings[candidate]!;
    for (let cost = 0; cost < costs.length; cost++) {
      costs[cost]! += block.costs[state]![candidate * costs.length + cost]!;
    }
    state = block.output[candidate]!;
  });
  problem.final[state]!.forEach((cost, index) => {
    costs[index]! += cost;
  });
  return { feasible: true, candidates, rating, costs };
}
