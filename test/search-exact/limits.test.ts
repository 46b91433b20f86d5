import { randomStream } from 'dna-nas/core';
import type { SearchSpace } from 'dna-nas/core/contracts';
import type { World } from 'dna-nas/core/stages';
import { scaleBlocks } from 'dna-nas/plugins/scale-blocks';
import { searchExact } from 'dna-nas/plugins/search-exact';
import { beforeAll, describe, expect, it } from 'vitest';
import { answer } from '../plugins/plugin-run.js';
import { allNetworks, type Counted, data, SPACE } from './small-space.js';

/** What is asked before anything is trained. */
async function checkLimits(of: SearchSpace, limits: Readonly<Record<string, number>>): Promise<void> {
  const stage = await answer(searchExact({ limits }), 'resolveSearch', { beside: [scaleBlocks()] });
  return stage.check!({ space: of, data } as unknown as World);
}

let space: SearchSpace;
let networks: Counted[];

beforeAll(async () => {
  space = await answer(SPACE, 'resolveSpace');
  networks = allNetworks(space);
});

describe('a limit', () => {
  it('that a network meets passes the check; one below the least cost does not, before anything is rated', async () => {
    const least = Math.min(...networks.map(({ costs }) => costs.params!));
    const check = (params: number) => checkLimits(space, { params });
    await expect(check(least)).resolves.toBeUndefined();
    await expect(check(least - 1)).rejects.toMatchObject({
      code: 'LIMITS_IMPOSSIBLE',
      hint: expect.stringContaining(`params ${least}`),
    });
  });

  it('is checked exactly, whether the cheapest candidates meet it or others have to', async () => {
    const random = randomStream('limits');
    const low = (cost: string) => {
      const values = networks.map(({ costs }) => costs[cost]!).sort((a, b) => a - b);
      return values[random.integer(4)]! - random.integer(2);
    };
    const codes = new Set<string>();
    for (let draws = 0; draws < 30; draws++) {
      // Each can be met, or only just not.
      const [macs, params] = [low('macs'), low('params')];
      const meets = networks.some(({ costs }) => costs.macs! <= macs && costs.params! <= params);
      const code = await checkLimits(space, { macs, params }).then(
        () => 'met',
        (error) => error.code,
      );
      expect(code, `macs ${macs}, params ${params}`).toBe(meets ? 'met' : 'LIMITS_IMPOSSIBLE');
      codes.add(code);
    }
    expect(codes.size).toBe(2);
  });

  it('that cheap candidates meet is checked on one input a block', async () => {
    const inputs = space.blocks.map(() => new Set<number>());
    const counted: SearchSpace = {
      ...space,
      priceBlock(block, choice, input) {
        inputs[block]!.add(input.channels);
        return space.priceBlock(block, choice, input);
      },
    };
    const counts = () => inputs.map(({ size }) => size);
    await checkLimits(counted, { macs: Math.max(...networks.map(({ costs }) => costs.macs!)) });
    expect(counts()).toEqual([1, 1, 1]);
    await expect(checkLimits(counted, { macs: 1 })).rejects.toMatchObject({ code: 'LIMITS_IMPOSSIBLE' });
    expect(counts()).toEqual([1, 2, 2]);
  });

  it('on what the space does not price is refused with the costs that there are', async () => {
    await expect(checkLimits(space, { parms: 1 })).rejects.toMatchObject({
      code: 'UNKNOWN_COST',
      message: expect.stringMatching(
        /parms: the space has no cost of this name; its costs are macs, params\.$/,
      ),
      hint: 'Did you mean params?',
    });
    await expect(checkLimits(space, { macs: 1e12, latency: 1 })).rejects.toMatchObject({
      code: 'UNKNOWN_COST',
      hint: 'Take macs or params, or add a plugin that prices latency.',
    });
  });

  it('that is impossible is told with the least of each cost, and of each under the others that can be met', async () => {
    const least = (cost: string) => Math.min(...networks.map(({ costs }) => costs[cost]!));
    const [macs, params] = [least('macs'), least('params')];
    const hintOf = async (limits: Readonly<Record<string, number>>) =>
      checkLimits(space, limits).then(
        () => 'met',
        ({ hint }) => hint as string,
      );
    const alone = `each on its own, are macs ${macs}, params ${params}`;
    expect(await hintOf({ macs: macs - 1 })).toContain(`${alone}: `);
    // No network has so few parameters, so that there is no least number of multiply-adds under that limit.
    const underParams = await hintOf({ macs: 1e12, params: params - 1 });
    expect(underParams).toContain(`${alone}; under the other limits params ${params}: `);
    expect(await hintOf({ macs: macs - 1, params: params - 1 })).toContain(`${alone}: `);
    expect(await hintOf({ macs: macs - 1, params: 1e12 })).toContain(
      `; under the other limits macs ${macs}: `,
    );
  });
});
