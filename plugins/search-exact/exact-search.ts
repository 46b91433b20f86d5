import type { PluginRun } from 'dna-nas/core';
import type { SearchStage } from 'dna-nas/core/stages';
import { isCheapWithin } from './cheap-network.js';
import { differentTop } from './different-top.js';
import { impossibleLimits, limitsOf } from './limits.js';
import type { SearchExactOptions } from './options.js';
import { recordLatency } from './price-latency.js';
import { answerQuery } from './query.js';
import { randomsOfSameCost } from './random-network.js';
import { paretoFront, type SearchProblem, solve, whyImpossible } from './solver.js';
import { costNamesOf, spaceProblem } from './space-problem.js';

const ADVICE = 'raise search.limits or take a smaller space';

/** The search stage over a space's prices and its ratings, on the scale of the slot `search.scale`. */
export function exactSearch(
  run: Pick<PluginRun, 'resolve' | 'project'>,
  options: SearchExactOptions,
): SearchStage {
  const openScale = () => run.resolve('resolveScale', 'search.scale');
  const ownLimits = (problem: Pick<SearchProblem, 'costNames'>) =>
    limitsOf(problem, options.limits, 'search.limits.');
  return {
    async check(world) {
      (await openScale()).check?.(world.space);
      const costNames = costNamesOf(world);
      const limits = ownLimits({ costNames });
      // Pricing all takes time that grows with the cells of two blocks multiplied.
      if (isCheapWithin(world, { costNames, limits })) return;
      const { problem } = spaceProblem(world);
      const infeasible = whyImpossible(problem, limits);
      if (infeasible) throw impossibleLimits(problem, limits, { infeasible, advice: ADVICE });
    },
    async search(world, ratings, { randomNetworks = 1 } = {}) {
      const space = spaceProblem(world, (await openScale()).apply(ratings, world.space));
      const { problem } = space;
      const limits = ownLimits(problem);
      const solution = solve(problem, limits);
      if (!solution.feasible)
        throw impossibleLimits(problem, limits, { infeasible: solution, advice: ADVICE });
      const first = limits.findIndex(Number.isFinite);
      const cost = first < 0 ? problem.costNames.indexOf('macs') : first;
      const top = differentTop(space, { space: world.space, limits, count: options.top });
      const front = paretoFront(problem, limits, [cost]);
      const target = { best: solution, limits, random: world.random.fork('search') };
      const randoms = randomsOfSameCost(problem, target, randomNetworks).map((one) => space.found(one));
      return {
        best: space.found(solution),
        top: top.map((one) => space.found(one)),
        front: front.map((one) => space.found(one)),
        random: randoms[0]!,
        ...(randoms.length > 1 && { randoms }),
        ...(options.latency !== undefined && { latency: await recordLatency(run, world, options.latency) }),
      };
    },
    async query(place, ratings, query) {
      const scaled = (await openScale()).apply(ratings, place.space);
      return answerQuery(place, { ratings: scaled, query, ownLimits: options.limits });
    },
  };
}
