import type { RandomStream } from 'dna-nas/core';
import type { SearchProblem, Solution } from './solver.js';

const DRAWS = 20_000;
/** A network is of the same cost when no cost differs by more than this share. */
const TOLERANCE = 0.02;

/**
 * A network drawn uniformly from the space until its macs and params are within 2 % of the best's and all limits are
 * met; if none of 20,000 draws is, the one that came nearest. The control that shows what the ratings are worth.
 */
export function randomOfSameCost(
  problem: SearchProblem,
  target: { best: Solution; limits: readonly number[]; random: RandomStream },
): Solution {
  const { best, limits, random } = target;
  let nearest: { solution: Solution; distance: number } | undefined;
  for (let draw = 0; draw < DRAWS; draw++) {
    const stream = random.fork('random', draw);
    const candidates = problem.blocks.map(({ ratings }) => stream.integer(ratings.length));
    if (candidates.join() === best.candidates.join()) continue;
    const solution = assemble(problem, candidates);
    if (solution.costs.some((cost, index) => cost > limits[index]!)) continue;
    const distance = distanceOf(problem, solution, best);
    if (!nearest || distance < nearest.distance) nearest = { solution, distance };
    if (distance <= TOLERANCE) break;
  }
  return nearest?.solution ?? best;
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
