import { fitScores, fitWeights, type Scores } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import { describe, expect, test } from 'vitest';

/**
 * Of the six networks below, by numpy: `A = solve(ZᵀZ + λ·I, Zᵀ)`, `H = Z·A + 1/n`, λ the one of 11 with the least mean of
 * `((r − H·r) / (1 − diag H))²`, where r is what the best single weight leaves.
 */
const EXPECTED = [3.756195938898355, 0.3961067976427368, 2.8668183932488276];

const normals = (seed: string, count: number) => {
  const random = randomStream(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

describe('weights of a sum', () => {
  const [one, other] = [normals('one', 400), normals('other', 400).map((value) => 10 * value)];

  test('are those that made the targets, in the units of each column', () => {
    const noise = normals('noise', 400);
    const targets = one.map((value, row) => 3 * value + 0.2 * other[row]! + 0.1 * noise[row]!);
    const [first, second] = fitWeights([one, other], targets);
    expect(first! / second!).toBeCloseTo(15, 0);
    expect(first).toBeCloseTo(3, 1);
  });

  test('against numpy: ridge towards one weight, its penalty chosen by leaving one out', () => {
    const columns = [
      [0.1, 0.9, 0.4, 0.7, 0.2, 0.5],
      [5, 3, 8, 6, 1, 2],
      [0.3, 0.2, 0.9, 0.1, 0.4, 0.8],
    ].map((column) => Float64Array.from(column));
    const found = fitWeights(columns, Float64Array.of(1, 4, 5, 3, 0, 2));
    EXPECTED.forEach((weight, at) => {
      expect(found[at]).toBeCloseTo(weight, 10);
    });
  });

  test('are none below 0: a column that orders the other way counts for nothing', () => {
    const targets = one.map((value, row) => value - other[row]!);
    const weights = fitWeights([one, other], targets);
    expect(weights[0]).toBeGreaterThan(0.5);
    expect(weights[1]).toBe(0);
  });

  test('are all 0 where nothing differs', () => {
    const flat = new Float64Array(5).fill(2);
    expect([...fitWeights([flat, flat], Float64Array.of(1, 2, 3, 4, 5))]).toEqual([0, 0]);
    expect([...fitWeights([Float64Array.of(1, 2, 3, 4, 5)], flat)]).toEqual([0]);
  });
});

describe('what few trained networks are worth', () => {
  /** Three blocks, of which the ratings weigh 4, 2 and 1 for the accuracy, whose sum does not know that. */
  function scoresOf(networks: number): Scores {
    const blocks = ['a', 'b', 'c'].map((name) => normals(name, networks));
    const [a, b, c] = blocks as [Float64Array, Float64Array, Float64Array];
    const quality = a.map((value, row) => -(4 * value + 2 * b[row]! + c[row]!));
    const noise = normals('training', networks);
    const seeds = [1, -1].map((sign) =>
      quality.map((value, row) => 0.7 + 0.01 * (value + sign * noise[row]!)),
    );
    return {
      rating: a.map((value, row) => value + b[row]! + c[row]!),
      blocks,
      accuracy: quality.map((value) => 0.7 + 0.01 * value),
      seeds,
      costs: {
        macs: quality.map((value, row) => 1e6 * (10 + value + 4 * noise[row]!)),
        params: normals('params', networks),
      },
    };
  }

  test('more of them order the others better, and sizes have their own figure', () => {
    const scores = scoresOf(300);
    const [few, many] = fitScores(scores, { networks: [4, 60], draws: 60 });
    expect(few!.networks).toBe(4);
    expect(many!.predictors.rating.kendallTau).toBeGreaterThan(0.9);
    expect(few!.predictors.rating.kendallTau).toBeLessThan(many!.predictors.rating.kendallTau - 0.05);
    const [low, high] = few!.predictors.rating.interval!;
    expect(low).toBeLessThan(few!.predictors.rating.kendallTau);
    expect(high).toBeGreaterThan(few!.predictors.rating.kendallTau);
    // One column: its order is what it was, whatever its weight.
    expect(many!.predictors.sizes.kendallTau).toBeGreaterThan(0.3);
    expect(many!.predictors.sizes.kendallTau).toBeLessThan(0.6);
  });

  test('are left out of what is measured', () => {
    // 10 networks are fitted to, 2 are left: tau of one pair is 1 or −1.
    const [fit] = fitScores(scoresOf(12), { networks: [10], draws: 1 });
    expect(Math.abs(fit!.predictors.rating.kendallTau)).toBe(1);
  });

  test('the same seed draws the same networks', () => {
    const scores = scoresOf(80);
    const tau = (seed: number) => fitScores(scores, { networks: [5], draws: 5, seed })[0]!.predictors.rating;
    expect(tau(3)).toEqual(tau(3));
    expect(tau(3)).not.toEqual(tau(4));
  });

  test('wants the ratings of blocks', () => {
    const { blocks: _, ...scores } = scoresOf(20);
    expect(() => fitScores(scores, { networks: [5] })).toThrow(/these scores have none/);
  });
});
