import { readFileSync } from 'node:fs';
import {
  centredInterval,
  kendallTau,
  onceEach,
  partialTau,
  percentileInterval,
  rankValues,
  regret,
  SizeMatchedPairs,
  spearmanRho,
} from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** By SciPy, or over all pairs in Python: test/golden/audit/statistics.py. */
interface Case {
  readonly x: number[];
  readonly y: number[];
  readonly z?: number[];
  readonly macs: number[];
  readonly weights: number[];
  readonly kendallTau: number;
  readonly spearman: number;
  readonly weightedTau: number;
  readonly weightedSpearman: number;
  readonly matchedPairs: number;
  readonly matchedTau: number;
  readonly weightedMatchedTau: number;
  readonly regret: Readonly<Record<string, number>>;
  readonly partialTau?: number;
}

const FILE = new URL('../golden/audit/expected.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: Case[] };
const ranked = (values: readonly number[]) => rankValues(Float64Array.from(values));

test('the golden cases hold values without ties and with many', () => {
  const tied = cases.map(({ x }) => x.length - new Set(x).size);
  expect(tied.filter((ties) => ties === 0).length).toBeGreaterThan(0);
  expect(Math.max(...tied)).toBeGreaterThan(15);
});

describe.each(cases.map((one, index) => [index, one] as const))('golden case %i', (_, golden) => {
  const [x, y] = [ranked(golden.x), ranked(golden.y)];
  const weights = Int32Array.from(golden.weights);

  test("Kendall's tau-b and Spearman's rho", () => {
    expect(kendallTau(x, y)).toBeCloseTo(golden.kendallTau, 12);
    expect(kendallTau(y, x)).toBeCloseTo(golden.kendallTau, 12);
    expect(spearmanRho(x, y)).toBeCloseTo(golden.spearman, 12);
  });

  test('of a resample, in which no network makes a pair with itself', () => {
    expect(kendallTau(x, y, weights)).toBeCloseTo(golden.weightedTau, 12);
    expect(spearmanRho(x, y, weights)).toBeCloseTo(golden.weightedSpearman, 12);
  });

  test('tau among pairs of one size, in any number of resamples', () => {
    const matched = new SizeMatchedPairs(Float64Array.from(golden.macs), 0.05);
    expect(matched.count).toBe(golden.matchedPairs);
    expect(matched.tau(x, y)).toBeCloseTo(golden.matchedTau, 12);
    const tau = matched.tauByWeights(x, y);
    expect(tau(onceEach(x.ranks.length))).toBeCloseTo(golden.matchedTau, 12);
    expect(tau(weights)).toBeCloseTo(golden.weightedMatchedTau, 12);
  });

  test.each([1, 3, 10])('regret of the best %i, ties picked by chance', (picks) => {
    expect(regret(x, Float64Array.from(golden.y), { picks })).toBeCloseTo(golden.regret[picks]!, 12);
  });
});

test.each(cases.flatMap(({ z, ...rest }) => (z ? [{ z, ...rest }] : [])))(
  "Kendall's partial tau is the correlation of agreements with z",
  (golden) => {
    const [x, y, z] = [ranked(golden.x), ranked(golden.y), ranked(golden.z)];
    const taus = { xy: kendallTau(x, y), xz: kendallTau(x, z), yz: kendallTau(y, z) };
    expect(partialTau(taus)).toBeCloseTo(golden.partialTau!, 12);
  },
);

describe('by hand', () => {
  // Of 6 pairs x and y order 2 alike and 3 otherwise; x ties 1.
  test('tau-b of four networks', () => {
    expect(kendallTau(ranked([1, 2, 2, 3]), ranked([1, 3, 2, 0.5]))).toBeCloseTo(-1 / Math.sqrt(30), 12);
    expect(kendallTau(ranked([1, 2, 3, 4]), ranked([1, 2, 3, 4]))).toBe(1);
    expect(kendallTau(ranked([1, 2, 3, 4]), ranked([4, 3, 2, 1]))).toBe(-1);
  });

  test('has no value where all are tied', () => {
    expect(kendallTau(ranked([1, 1, 1]), ranked([1, 2, 3]))).toBeNaN();
    expect(spearmanRho(ranked([1, 1, 1]), ranked([1, 2, 3]))).toBeNaN();
    expect(partialTau({ xy: 0.5, xz: 1, yz: 0.5 })).toBeNaN();
    expect(
      new SizeMatchedPairs(Float64Array.of(1, 2, 4), 0.05).tau(ranked([1, 2, 3]), ranked([1, 2, 3])),
    ).toBeNaN();
  });

  test('a network that was not drawn can neither be picked nor be missed', () => {
    const values = Float64Array.of(0.9, 0.7, 0.8, 0.6);
    const predictor = ranked([4, 3, 2, 1]);
    expect(regret(predictor, values, { picks: 1 })).toBe(0);
    const weights = Int32Array.of(0, 2, 1, 1);
    expect(regret(predictor, values, { picks: 1, weights })).toBeCloseTo(0.1, 12);
    expect(regret(predictor, values, { picks: 2, weights })).toBe(0);
  });

  test('sizes differ by a share of the larger one', () => {
    expect(new SizeMatchedPairs(Float64Array.of(100, 95, 94.9), 0.05).count).toBe(2);
  });

  test('percentiles of 0 to 1000 are 25 and 975; what has no value is left out', () => {
    const replicates = [...Array.from({ length: 1001 }, (_, index) => 1000 - index), Number.NaN];
    expect(percentileInterval(replicates)).toEqual([25, 975]);
    expect(centredInterval(replicates, 600)).toEqual([125, 1075]);
    expect(percentileInterval([Number.NaN])).toBeNull();
  });
});

test('tau-b equals the count of all pairs, whatever the ties and weights', () => {
  const small = fc.integer({ min: 0, max: 4 });
  const networks = fc.array(fc.tuple(small, small, fc.integer({ min: 0, max: 3 })), {
    minLength: 2,
    maxLength: 25,
  });
  fc.assert(
    fc.property(networks, (rows) => {
      const [x, y, weights] = [0, 1, 2].map((column) => rows.map((row) => row[column]!));
      const [left, right, both] = countPairs(rows);
      const tau = kendallTau(ranked(x!), ranked(y!), Int32Array.from(weights!));
      if (left * right === 0) expect(tau).toBeNaN();
      else expect(tau).toBeCloseTo(both / Math.sqrt(left * right), 10);
    }),
  );
});

/** Pairs that x orders, that y orders, and those ordered alike less the others. */
function countPairs(rows: readonly (readonly [number, number, number])[]): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  rows.forEach(([x, y, weight], index) => {
    for (const [otherX, otherY, other] of rows.slice(index + 1)) {
      const [signX, signY] = [Math.sign(x - otherX), Math.sign(y - otherY)];
      sums[0] += weight * other * signX ** 2;
      sums[1] += weight * other * signY ** 2;
      sums[2] += weight * other * signX * signY;
    }
  });
  return sums;
}

test('where pairs of one size are millions, resamples count them by network, nearly the same', () => {
  const random = randomStream(5).fork('pairs');
  const networks = 2500;
  const draw = () => Float64Array.from({ length: networks }, () => random.normal());
  const [hidden, noise, other] = [draw(), draw(), draw()];
  const x = rankValues(hidden.map((value, index) => value + noise[index]!));
  const y = rankValues(hidden.map((value, index) => value + other[index]!));
  // All are of one size, so that the tau of all pairs is tau-b.
  const matched = new SizeMatchedPairs(new Float64Array(networks).fill(1e6), 0.05);
  expect(matched.count).toBeGreaterThan(2_000_000);
  const tau = matched.tauByWeights(x, y);
  expect(tau(onceEach(networks))).toBeCloseTo(kendallTau(x, y), 12);
  const errors = Array.from({ length: 20 }, () => {
    const weights = new Int32Array(networks);
    for (let index = 0; index < networks; index++) weights[random.integer(networks)]!++;
    return tau(weights) - kendallTau(x, y, weights);
  });
  // A variance of 1/pairs is a deviation of 0.0006; a resample's tau itself deviates by 0.011.
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.003);
});
