import { DnaError, either, nearest, type PluginRun, type SearchStage } from 'dna-nas/core';
import type { SearchExactOptions } from './options.js';
import { randomsOfSameCost } from './random-network.js';
import {
  type Infeasible,
  paretoFront,
  type SearchProblem,
  smallestCosts,
  solve,
  topK,
  whyImpossible,
} from './solver.js';
import { spaceProblem } from './space-problem.js';

/** The search stage over a space's prices and its ratings, on the scale of the slot `search.scale`. */
export function exactSearch(run: Pick<PluginRun, 'resolve'>, options: SearchExactOptions): SearchStage {
  const openScale = () => run.resolve('resolveScale', 'search.scale');
  return {
    async check(world) {
      (await openScale()).check?.(world.space);
      const { problem } = spaceProblem(world);
      const impossible = whyImpossible(problem, limitsOf(problem, options));
      if (impossible) throw impossibleLimits(problem, impossible);
    },
    async search(world, ratings, { randomNetworks = 1 } = {}) {
      const space = spaceProblem(world, (await openScale()).apply(ratings, world.space));
      const { problem } = space;
      const limits = limitsOf(problem, options);
      const solution = solve(problem, limits);
      if (!solution.feasible) throw impossibleLimits(problem, solution);
      const first = limits.findIndex(Number.isFinite);
      const cost = first < 0 ? problem.costNames.indexOf('macs') : first;
      const top = topK(problem, limits, options.top);
      const front = paretoFront(problem, limits, [cost]);
      const target = { best: solution, limits, random: world.random.fork('search') };
      const randoms = randomsOfSameCost(problem, target, randomNetworks).map((one) => space.found(one));
      return {
        best: space.found(solution),
        top: top.map((one) => space.found(one)),
        front: front.map((one) => space.found(one)),
        random: randoms[0]!,
        ...(randoms.length > 1 && { randoms }),
      };
    },
  };
}

/** One limit a cost, infinite where none is given. */
function limitsOf({ costNames }: SearchProblem, { limits }: SearchExactOptions): number[] {
  const unknown = Object.keys(limits).find((name) => !costNames.includes(name));
  if (unknown !== undefined) {
    const close = nearest(unknown, costNames);
    throw new DnaError(
      'UNKNOWN_COST',
      `search.limits.${unknown}: the space has no cost of this name; its costs are ${costNames.join(', ')}.`,
      close
        ? `Did you mean ${close}?`
        : `Limit ${either(costNames)}, or add a plugin that prices ${unknown}.`,
      { exitCode: 2 },
    );
  }
  return costNames.map((name) => limits[name] ?? Number.POSITIVE_INFINITY);
}

function impossibleLimits(problem: SearchProblem, infeasible: Infeasible): DnaError {
  const smallest = smallestCosts(problem);
  const reachable = problem.costNames.map((name, index) => `${name} ${smallest[index]}`).join(', ');
  return new DnaError(
    'LIMITS_IMPOSSIBLE',
    `No network of the space meets the limits: ${infeasible.message}`,
    `The smallest reachable values, each on its own, are ${reachable}: raise search.limits or take a smaller space.`,
    { exitCode: 2 },
  );
}
