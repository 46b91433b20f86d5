import { averageByEvidence, fitScores, type Scores } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import { describe, expect, test } from 'vitest';

const normals = (seed: string, count: number) => {
  const random = randomStream(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

describe('a regression averaged by evidence', () => {
  const groups = [
    [[0.1, 0.9, 0.4, 0.7, 0.2, 0.5]],
    [
      [5, 3, 8, 6, 1, 2],
      [0.3, 0.2, 0.9, 0.1, 0.4, 0.8],
    ],
  ].map((columns) => columns.map((column) => Float64Array.from(column)));
  const targets = Float64Array.of(1, 4, 5, 3, 0, 2);

  test('against numpy, which solves it for the weights and takes the evidence from eigenvalues', () => {
    const found = averageByEvidence({ groups, targets }, [
      { priors: [{ group: 0, variance: 2, mean: 1 }], noise: 0.5 },
      {
        priors: [
          { group: 0, variance: 0.5 },
          { group: 1, variance: 0.1 },
        ],
        noise: 0.2,
      },
      { priors: [{ group: 1, variance: 0.05, mean: -0.3 }], noise: 1 },
    ]);
    expect(found.map(({ length }) => length)).toEqual([1, 2]);
    // Shares of the three hypotheses: 0.369, 0.161, 0.470.
    [1.958062986291852, 0.28488780482541803, -0.05383348604143993].forEach((weight, at) => {
      expect(found.flatMap((weights) => [...weights])[at]).toBeCloseTo(weight, 10);
    });
  });

  test('one hypothesis of much data and little noise finds the weights that made the targets', () => {
    const columns = [normals('one', 200), normals('other', 200)];
    const made = columns[0]!.map((value, row) => 3 * value - 0.2 * columns[1]![row]!);
    const [weights] = averageByEvidence({ groups: [columns], targets: made }, [
      { priors: [{ group: 0, variance: 10 }], noise: 1e-4 },
    ]);
    expect(weights![0]).toBeCloseTo(3, 4);
    expect(weights![1]).toBeCloseTo(-0.2, 4);
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

  test('operations that ratings do not know of are learnt, where they are known', () => {
    const scores = scoresOf(300);
    const operation = normals('operation', 300);
    const accuracy = scores.accuracy.map((value, row) => value + 0.04 * operation[row]!);
    const told = { ...scores, accuracy, seeds: [], operations: [operation] };
    const [alone] = fitScores({ ...told, operations: undefined }, { networks: [30], draws: 30 });
    const [both] = fitScores(told, { networks: [30], draws: 30 });
    expect(alone!.predictors.operations).toBeUndefined();
    expect(both!.predictors.rating.kendallTau).toBeGreaterThan(alone!.predictors.rating.kendallTau + 0.15);
    expect(both!.predictors.rating.kendallTau).toBeGreaterThan(both!.predictors.operations!.kendallTau + 0.1);
    // No pair of one size is among networks whose multiply-adds are all their own.
    const spread = { ...told.costs, macs: told.costs.macs.map((_, row) => 2 ** (row / 4)) };
    const [apart] = fitScores({ ...told, costs: spread }, { networks: [30], draws: 2 });
    expect(apart!.predictors.rating.sizeMatchedTau).toBeNull();
    expect(both!.predictors.rating.sizeMatchedTau).toBeGreaterThan(0.3);
  });

  test('networks of one accuracy tell nothing', () => {
    const scores = scoresOf(40);
    const accuracy = scores.accuracy.map((value, row) => (row < 20 ? value : 0.5));
    const [fit] = fitScores({ ...scores, accuracy, seeds: [] }, { networks: [1], draws: 3 });
    expect(fit!.predictors.rating.kendallTau).toBe(0);
    expect(fit!.predictors.sizes.kendallTau).toBe(0);
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
