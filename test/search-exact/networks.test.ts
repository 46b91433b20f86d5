import { randomStream } from 'dna-nas/core';
import type { Architecture, Costs, SearchSpace } from 'dna-nas/core/contracts';
import { addCosts, pathCount, pathOf } from 'dna-nas/core/space';
import type { CellRatings, SearchQuery, World } from 'dna-nas/core/stages';
import { scaleBlocks } from 'dna-nas/plugins/scale-blocks';
import { searchExact } from 'dna-nas/plugins/search-exact';
import { beforeAll, describe, expect, it } from 'vitest';
import { sample } from '../faults/extent.js';
import { answer } from '../plugins/plugin-run.js';
import { allNetworks, type Counted, data, SPACE } from './small-space.js';

/** Ratings by which one network is better than any other. */
function favouring(space: SearchSpace, best: Architecture): CellRatings[] {
  return space.blocks.flatMap(({ cells }, block) =>
    cells.map(({ layers }, cell) => {
      const choices = layers.map(({ length }) => length);
      const values = Float64Array.from({ length: pathCount(choices) }, (_, number) => {
        const chosen = best[block]!;
        return chosen.cell === cell && chosen.path.join() === pathOf(number, choices).join() ? 0 : 1;
      });
      return { block, cell, choices, values };
    }),
  );
}

let space: SearchSpace;
let networks: Counted[];

beforeAll(async () => {
  space = await answer(SPACE, 'resolveSpace');
  networks = allNetworks(space);
});

describe('a limit', () => {
  it.each(['macs', 'params'] as const)('on %s makes that the cost of the front', async (cost) => {
    const { architecture, costs } = networks.at(-1)!;
    const { front, best } = await search(architecture, { limits: { [cost]: costs[cost]! } });
    const fits = networks.filter((one) => one.costs[cost]! <= costs[cost]!);
    const ratingOf = (one: Architecture) =>
      one.filter(
        ({ cell, path }, block) =>
          cell !== architecture[block]!.cell || path.join() !== architecture[block]!.path.join(),
      ).length;
    // For each rating that is reached the least cost, where no better rating costs as little.
    const leastAt = [0, 1, 2, 3].map((rating) =>
      Math.min(...fits.filter((one) => ratingOf(one.architecture) === rating).map((one) => one.costs[cost]!)),
    );
    const expected = leastAt
      .map((least, rating) => [rating, least] as const)
      .filter(([rating, least]) => leastAt.slice(0, rating).every((better) => better > least));
    expect(front.map((one) => [one.rating, one.costs[cost]])).toEqual(expected);
    expect(best.rating).toBe(0);
  });
});

async function search(
  best: Architecture,
  {
    seed = 1,
    randomNetworks,
    ...options
  }: { limits?: Record<string, number>; top?: number; seed?: number; randomNetworks?: number } = {},
) {
  const stage = await answer(searchExact(options), 'resolveSearch', { beside: [scaleBlocks()] });
  const world = { space, data, random: randomStream(seed) } as unknown as World;
  const request = randomNetworks === undefined ? [] : [{ randomNetworks }];
  return stage.search(world, favouring(space, best), ...request);
}

describe('the exact search over a space', () => {
  it('prices networks as they are counted once they are built', async () => {
    expect(networks).toHaveLength(96);
    for (const { architecture, costs } of sample(networks, 12)) {
      const { best } = await search(architecture);
      expect(best.architecture).toEqual(architecture);
      expect(best.costs).toEqual(costs);
    }
  });

  it('finds a network at exactly its own costs, and another one just below them', async () => {
    for (const { architecture, costs } of sample(networks, 5)) {
      const params = costs.params!;
      expect((await search(architecture, { limits: { params } })).best.architecture).toEqual(architecture);
      if (params === Math.min(...networks.map((network) => network.costs.params!))) continue;
      const { best } = await search(architecture, { limits: { params: params - 1 } });
      expect(best.architecture).not.toEqual(architecture);
      expect(best.costs.params).toBeLessThan(params);
    }
  });
});

it('lists as many of the best networks as are asked for, from the best on', async () => {
  const { architecture } = networks[40]!;
  for (const top of [1, 3]) {
    const found = await search(architecture, { top });
    expect(found.top).toHaveLength(top);
    expect(found.top[0]!.architecture).toEqual(architecture);
  }
});

describe('the random network', () => {
  /** Greatest relative difference of macs and params. */
  const distance = (one: Costs, other: Costs) =>
    Math.max(...['macs', 'params'].map((name) => Math.abs(one[name]! - other[name]!) / other[name]!));

  it('is another one within the limits, and of the found one’s cost where there is one', async () => {
    for (const [index, { architecture, costs }] of sample(networks, 8).entries()) {
      const limits = { params: costs.params!, macs: costs.macs! };
      const allowed = networks.filter(
        (other) => other.costs.params! <= limits.params && other.costs.macs! <= limits.macs,
      );
      const { random } = await search(architecture, { limits, seed: index });
      const text = space.formatArchitecture(random.architecture);
      expect(allowed.map((other) => space.formatArchitecture(other.architecture))).toContain(text);
      if (allowed.length === 1) continue;
      expect(random.architecture).not.toEqual(architecture);
      const others = allowed.filter((other) => other.architecture !== architecture);
      const nearest = Math.min(...others.map((other) => distance(other.costs, costs)));
      expect(distance(random.costs, costs)).toBeLessThanOrEqual(Math.max(nearest, 0.02));
    }
  });

  it('is drawn by the seed', async () => {
    const alike = (one: Counted) => networks.filter((other) => distance(other.costs, one.costs) <= 0.02);
    const { architecture } = networks.find((one) => alike(one).length > 3)!;
    const drawn = await Promise.all(
      [1, 1, 2, 3, 4, 5].map(async (seed) => (await search(architecture, { seed })).random.text),
    );
    expect(drawn[1]).toBe(drawn[0]);
    expect(new Set(drawn).size).toBeGreaterThan(1);
  });

  it('is the first of several, which are different ones near the found one’s cost and within the limits', async () => {
    for (const { architecture, costs } of sample(networks, 3)) {
      const limits = { params: costs.params!, macs: costs.macs! };
      const texts = networks
        .filter((other) => other.costs.params! <= limits.params && other.costs.macs! <= limits.macs)
        .filter((other) => other.architecture !== architecture)
        .sort((one, other) => distance(one.costs, costs) - distance(other.costs, costs))
        .map((other) => space.formatArchitecture(other.architecture));
      const alone = await search(architecture, { limits });
      expect(alone).not.toHaveProperty('randoms');
      const { random, randoms = [random] } = await search(architecture, { limits, randomNetworks: 4 });
      expect(random).toEqual(alone.random);
      expect(randoms[0]).toEqual(random);
      if (texts.length === 0) continue;
      const drawn = randoms.map(({ text }) => text);
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(drawn).toHaveLength(Math.min(4, texts.length));
      for (const text of drawn) expect(texts).toContain(text);
      // None is taken before a nearer one, but for those that are of the same cost.
      const alike = networks.filter((other) => distance(other.costs, costs) <= 0.02).length;
      for (const text of drawn) expect(texts.indexOf(text)).toBeLessThan(Math.max(alike, drawn.length));
      const three = await search(architecture, { limits, randomNetworks: 3 });
      expect((three.randoms ?? [three.random]).map(({ text }) => text)).toEqual(drawn.slice(0, 3));
    }
  });
});

/** The space with one more cost, which is less for larger operations. */
function timed(): SearchSpace {
  return addCosts(space, { priceBlock: (_, choice) => ({ milliseconds: milliseconds([choice]) }) });
}

function milliseconds(architecture: Architecture): number {
  return architecture.flatMap(({ path }) => path).reduce((sum, operation) => sum + 2.5 / (1 + operation), 0);
}

describe('a query', () => {
  const ask = async (query: SearchQuery, best = networks[0]!.architecture) => {
    const stage = await answer(searchExact(), 'resolveSearch', { beside: [scaleBlocks()] });
    return stage.query!({ space: timed(), data }, favouring(space, best), query);
  };
  const all = () =>
    networks.map(({ architecture, costs }) => ({
      macs: costs.macs!,
      milliseconds: milliseconds(architecture),
    }));

  it('limits any cost that the space prices', async () => {
    const least = Math.min(...all().map((one) => one.milliseconds));
    const { best, costNames } = await ask({ limits: { milliseconds: least } });
    expect(costNames).toEqual(['macs', 'params', 'milliseconds']);
    expect(milliseconds(best.architecture)).toBe(least);
    expect(best.costs.milliseconds).toBe(least);
  });

  it('whose limits exclude one another is told the smallest value of each cost under the other one', async () => {
    const leastOf = (name: 'macs' | 'milliseconds', of = all()) =>
      Math.min(...of.map((costs) => costs[name]));
    const limits = { macs: leastOf('macs'), milliseconds: leastOf('milliseconds') };
    const macs = leastOf(
      'macs',
      all().filter((one) => one.milliseconds <= limits.milliseconds),
    );
    const time = leastOf(
      'milliseconds',
      all().filter((one) => one.macs <= limits.macs),
    );
    expect(macs).toBeGreaterThan(limits.macs);
    await expect(ask({ limits })).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      message: expect.stringContaining('Each limit can be met alone'),
      hint: expect.stringContaining(`under the other limits macs ${macs}, milliseconds ${time}: raise one`),
    });
  });
});
