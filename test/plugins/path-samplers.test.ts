import { randomStream } from 'dna-nas/core';
import { supernetMultiCell } from 'dna-nas/plugins/supernet-multi-cell';
import { describe, expect, it } from 'vitest';
import { answer } from './plugin-run.js';

describe('sampling', () => {
  const choices = [6, 4, 6, 1];
  const random = randomStream(9);

  it.each(['uniform', 'fair'] as const)('%s is a pure function of the draw', async (sampling) => {
    const sample = await answer(supernetMultiCell({ sampling }), 'resolveSampler');
    const paths = Array.from({ length: 50 }, (_, draw) => sample({ choices, draw, random }));
    random.uint32();
    for (const draw of [49, 3, 17]) expect(sample({ choices, draw, random })).toEqual(paths[draw]);
    expect(new Set(paths.map(String)).size).toBeGreaterThan(20);
    const elsewhere = Array.from({ length: 50 }, (_, draw) =>
      sample({ choices, draw, random: randomStream(10) }),
    );
    expect(elsewhere).not.toEqual(paths);
  });

  it('uniform draws every operation equally often, layers apart (χ²)', async () => {
    const sample = await answer(supernetMultiCell(), 'resolveSampler');
    const draws = 3600;
    const counts = new Map<string, number>();
    for (let draw = 0; draw < draws; draw++) {
      const [first, , third] = sample({ choices, draw, random });
      counts.set(`${first} ${third}`, (counts.get(`${first} ${third}`) ?? 0) + 1);
    }
    const expected = draws / 36;
    const square = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(36);
    // 35 degrees of freedom: 66.6 is passed once in a thousand.
    expect(square).toBeLessThan(66.6);
  });

  it('fair uses every operation of a layer exactly once in each group of draws', async () => {
    const sample = await answer(supernetMultiCell({ sampling: 'fair' }), 'resolveSampler');
    const paths = Array.from({ length: 24 }, (_, draw) => sample({ choices, draw, random }));
    for (const [layer, count] of choices.entries()) {
      for (let group = 0; group < 24; group += count) {
        const used = paths.slice(group, group + count).map((path) => path[layer]!);
        expect(used.toSorted()).toEqual(Array.from({ length: count }, (_, operation) => operation));
      }
    }
    const orders = [0, 6, 12, 18].map((first) =>
      String(paths.slice(first, first + 6).map((path) => path[0])),
    );
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('fair draws an order of its own for each layer', async () => {
    const sample = await answer(supernetMultiCell({ sampling: 'fair' }), 'resolveSampler');
    const pairs = Array.from({ length: 240 }, (_, draw) => sample({ choices: [4, 4], draw, random }));
    // Of 60 groups an order of four is drawn twice in 2 or 3; all 16 pairs turn up.
    expect(new Set(pairs.map(String)).size).toBe(16);
  });
});
