import {
  costFront,
  paretoFront,
  smallestCost,
  smallestCosts,
  solve,
  topK,
  whyImpossible,
} from 'dna-nas/plugins/search-exact';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';
import { allNetworks, frontOf, within } from './brute-force.js';
import { instances } from './problems.js';

const RUNS = { numRuns: CAMPAIGN ? 600 : 150, seed: 20 };

test('the optimum is the first of all networks within the limits', () => {
  fc.assert(
    fc.property(instances, ({ problem, limits }) => {
      const best = allNetworks(problem).find((network) => within(network, limits));
      const found = solve(problem, limits);
      expect(found.feasible).toBe(best !== undefined);
      if (!found.feasible) return;
      expect(found).toMatchObject(best!);
      expect(found.bound).toBeLessThanOrEqual(found.rating);
    }),
    RUNS,
  );
});

test('the top k are the first k of all networks within the limits, in their order', () => {
  fc.assert(
    fc.property(instances, fc.integer({ min: 1, max: 12 }), ({ problem, limits }, count) => {
      const all = allNetworks(problem).filter((network) => within(network, limits));
      expect(topK(problem, limits, count)).toEqual(all.slice(0, count));
    }),
    RUNS,
  );
});

test('the front holds exactly the networks within the limits that no other equals or beats', () => {
  fc.assert(
    fc.property(instances, fc.integer({ min: 0, max: 7 }), ({ problem, limits }, mask) => {
      const costs = limits.flatMap((_, cost) => (mask & (1 << cost) ? [cost] : []));
      const all = allNetworks(problem).filter((network) => within(network, limits));
      const front = frontOf(all, costs);
      const found = paretoFront(problem, limits, costs);
      expect(new Set(found.map(({ candidates }) => candidates.join()))).toEqual(
        new Set(front.map(({ candidates }) => candidates.join())),
      );
      expect(found.length).toBe(front.length);
      expect(found.map(({ rating }) => rating)).toEqual(front.map(({ rating }) => rating));
    }),
    RUNS,
  );
});

test('a front of costs alone holds the best rated of the networks that no other equals or beats in them', () => {
  fc.assert(
    fc.property(instances, fc.integer({ min: 1, max: 7 }), ({ problem, limits }, mask) => {
      const costs = limits.flatMap((_, cost) => (mask & (1 << cost) ? [cost] : [])).reverse();
      fc.pre(costs.length > 0);
      const all = allNetworks(problem).filter((network) => within(network, limits));
      const unbeaten = all.filter((network, index) =>
        all.every((other, place) => {
          const lead = costs.map((cost) => network.costs[cost]! - other.costs[cost]!);
          if (lead.every((value) => value === 0)) return index <= place;
          return lead.some((value) => value < 0);
        }),
      );
      const rising = unbeaten.sort((one, other) => one.costs[costs[0]!]! - other.costs[costs[0]!]!);
      const found = costFront(problem, limits, costs);
      expect(found.map(({ costs: own }) => own[costs[0]!])).toEqual(
        rising.map(({ costs: own }) => own[costs[0]!]),
      );
      const texts = (networks: typeof found) => networks.map(({ candidates }) => candidates.join()).sort();
      expect(texts(found)).toEqual(texts(rising));
      expect(found).toEqual(
        found.map(({ candidates }) => all.find((one) => one.candidates.join() === candidates.join())),
      );
    }),
    RUNS,
  );
});

test('the smallest value of a cost under the other limits is that of some network, to the last bit', () => {
  fc.assert(
    fc.property(instances, ({ problem, limits }) => {
      limits.forEach((_, cost) => {
        const others = limits.map((limit, index) => (index === cost ? Number.POSITIVE_INFINITY : limit));
        const values = allNetworks(problem)
          .filter((network) => within(network, others))
          .map(({ costs }) => costs[cost]!);
        expect(smallestCost(problem, limits, cost)).toBe(values.length > 0 ? Math.min(...values) : undefined);
      });
    }),
    RUNS,
  );
});

test('the smallest costs are those of some network, to the last bit', () => {
  fc.assert(
    fc.property(instances, ({ problem }) => {
      const all = allNetworks(problem);
      const smallest = problem.costNames.map((_, cost) => Math.min(...all.map(({ costs }) => costs[cost]!)));
      expect([...smallestCosts(problem)]).toEqual(smallest);
    }),
    RUNS,
  );
});

test('a search repeated gives the same answer', () => {
  fc.assert(
    fc.property(instances, ({ problem, limits }) => {
      expect(solve(problem, limits)).toEqual(solve(problem, limits));
      expect(topK(problem, limits, 5)).toEqual(topK(problem, limits, 5));
    }),
    { ...RUNS, numRuns: RUNS.numRuns / 6 },
  );
});

test('impossible limits are reported with what can be reached and the closest network', () => {
  let together = 0;
  fc.assert(
    fc.property(instances, ({ problem, limits }) => {
      const found = solve(problem, limits);
      expect(whyImpossible(problem, limits)).toEqual(found.feasible ? undefined : found);
      if (found.feasible) return;
      const smallest = smallestCosts(problem);
      const impossible = limits.flatMap((limit, cost) => (smallest[cost]! > limit ? [cost] : []));
      expect(found.reason).toBe(impossible.length > 0 ? 'limit' : 'together');
      if (impossible.length > 0) expect(found.limits.map(({ cost }) => cost)).toEqual(impossible);
      else together++;
      for (const { cost, limit, name } of found.limits) {
        expect(limit).toBe(limits[cost]);
        expect(found.message).toContain(`${name} ≤ ${limit} (smallest reachable: ${smallest[cost]})`);
      }
      const excess = (costs: ArrayLike<number>) =>
        Math.max(...limits.map((limit, cost) => (costs[cost]! - limit) / (Math.abs(smallest[cost]!) || 1)));
      const least = Math.min(...allNetworks(problem).map(({ costs }) => excess(costs)));
      expect(excess(found.closest.costs)).toBeLessThanOrEqual(least + 2e-6 * Math.max(1, least));
    }),
    RUNS,
  );
  expect(together).toBeGreaterThan(RUNS.numRuns / 30);
});
