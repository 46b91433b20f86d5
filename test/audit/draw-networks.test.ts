import { drawNetworks } from 'dna-nas/audit';
import type { SearchSpace } from 'dna-nas/core/contracts';
import { planNetwork } from 'dna-nas/core/space';
import { DnaError } from 'dna-nas/errors';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { describe, expect, it } from 'vitest';
import { answer } from '../plugins/plugin-run.js';

const data = { image: { height: 16, width: 16, channels: 3 }, classes: 7 };

const cells = [
  { layers: 1, channels: 8 },
  { layers: 2, channels: 16 },
  { layers: 3, channels: 24 },
];
const SPACE = spaceMbconv({
  kernels: [3, 5],
  expansions: [2, 4],
  stem: { channels: 8, stride: 2, separable: 0 },
  blocks: [
    { stride: 2, cells },
    { stride: 1, cells },
  ],
  head: 16,
});

async function open(): Promise<SearchSpace> {
  return (await answer(SPACE, 'resolveSpace')) as SearchSpace;
}

/** The space, where some networks are equal. */
function withEquals(space: SearchSpace, canonical: NonNullable<SearchSpace['canonical']>): SearchSpace {
  const bound = (key: keyof SearchSpace) => {
    const value = space[key] as unknown;
    return typeof value === 'function' ? value.bind(space) : value;
  };
  return new Proxy(space, {
    get: (_, key) => (key === 'canonical' ? canonical : bound(key as keyof SearchSpace)),
  });
}

async function draw(changes: Partial<Parameters<typeof drawNetworks>[0]> = {}) {
  return drawNetworks({ space: await open(), data, seed: 5, networks: 40, ...changes });
}

/** Share of the range of all multiply-adds, in tenths. */
function strata(networks: readonly { costs: Readonly<Record<string, number>> }[], [least, most]: number[]) {
  const counts = new Array<number>(10).fill(0);
  for (const { costs } of networks)
    counts[Math.min(9, Math.floor((10 * (costs.macs! - least!)) / (most! - least!)))]!++;
  return counts;
}

describe('the networks of a ground truth', () => {
  it('are distinct, can be read, and cost what the networks cost', async () => {
    const space = await open();
    const networks = await draw();
    expect(new Set(networks.map(({ text }) => text)).size).toBe(40);
    for (const { text, costs } of networks.slice(0, 8)) {
      const { macs, params } = planNetwork(space, text).create(data).cost(data.image);
      expect(costs).toMatchObject({ macs, params });
    }
  });

  it('are drawn by the seed', async () => {
    expect(await draw()).toEqual(await draw());
    expect(await draw({ seed: 6 })).not.toEqual(await draw());
  });

  it('fill strata of multiply-adds as evenly as the space allows', async () => {
    // All 84² networks are drawn, so that the range is the space's own.
    const all = await draw({ networks: 7056 });
    const macs = all.map(({ costs }) => costs.macs!);
    const range = [Math.min(...macs), Math.max(...macs)];
    const there = strata(all, range);
    // A round-robin over what each stratum has.
    const fair = new Array<number>(10).fill(0);
    for (let left = 100; left > 0; )
      for (let index = 0; index < 10 && left > 0; index++)
        if (fair[index]! < there[index]!) {
          fair[index]!++;
          left--;
        }
    expect(strata(await draw({ networks: 100 }), range)).toEqual(fair);
    expect(Math.min(...fair)).toBeGreaterThan(0);
  });

  it('come near to a limit from below, as many as are asked for', async () => {
    const limit = 150_000;
    const near = { limits: { macs: limit, params: 1e6 }, within: 0.05, networks: 10 };
    const onlyMacs = { ...near, limits: { macs: limit } };
    const networks = await draw({ near: onlyMacs });
    expect(networks).toHaveLength(40);
    for (const { costs } of networks.slice(-10)) {
      expect(costs.macs).toBeLessThanOrEqual(limit);
      expect(costs.macs).toBeGreaterThanOrEqual(0.95 * limit);
    }
    expect(new Set(networks.map(({ text }) => text)).size).toBe(40);
    // No network of this space has nearly a million parameters.
    await expect(draw({ near })).rejects.toThrow(/10 networks near the limit .* 0 were drawn/);
  });

  it('are one network where the space says so', async () => {
    const space = await open();
    // Kernels do not matter to this space: an operation and its twin are equal.
    const canonical: NonNullable<SearchSpace['canonical']> = (architecture) =>
      architecture.map(({ cell, path }) => ({ cell, path: path.map((operation) => operation & ~1) }));
    const equals = withEquals(space, canonical);
    const networks = await draw({ space: equals, networks: 196 });
    const forms = networks.map(({ text }) => canonical(space.parseArchitecture(text)));
    expect(networks.map(({ text }) => text)).toEqual(forms.map((form) => space.formatArchitecture(form)));
    // 2 + 4 + 8 candidates a block are left.
    await expect(draw({ space: equals, networks: 197 })).rejects.toThrow(
      /197 networks are asked for, and 196 different ones/,
    );
  });

  it('names a cost that is not there', async () => {
    const near = { limits: { mac: 1 }, within: 0.05, networks: 1 };
    const error = await draw({ near }).catch((thrown: unknown) => thrown as DnaError);
    expect(error).toBeInstanceOf(DnaError);
    expect(error).toMatchObject({ code: 'TRUTH_NETWORKS', hint: 'Did you mean macs?' });
  });
});
