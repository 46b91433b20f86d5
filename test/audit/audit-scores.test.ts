import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditScores, kendallTau, rankValues, readScores, type Scores } from 'dna-nas/audit';
import { randomStream } from 'dna-nas/core';
import { describe, expect, onTestFinished, test } from 'vitest';

/** Networks whose rating and multiply-adds follow a hidden quality, each with noise of its own. */
function drawScores(
  networks: number,
  options: { seed?: number; noise?: number; trainings?: number } = {},
): Scores {
  const { seed = 1, noise = 1, trainings = 0 } = options;
  const random = randomStream(seed).fork('scores');
  const normal = () => Float64Array.from({ length: networks }, () => random.normal());
  const [quality, ratingNoise, size] = [normal(), normal(), normal()];
  const accuracy = quality.map((value) => 0.7 + 0.02 * value);
  return {
    rating: quality.map((value, index) => -(value + noise * ratingNoise[index]!)),
    accuracy,
    seeds: Array.from({ length: trainings }, () => normal().map((value, i) => accuracy[i]! + 0.002 * value)),
    costs: {
      macs: quality.map((value, index) => 1e8 * Math.exp(0.2 * (value + 2 * size[index]!))),
      params: normal().map((value) => 1e6 + 1e5 * value),
    },
  };
}

describe('intervals', () => {
  test('of tau hold the true one as often as they say', () => {
    // Of two normal variables of correlation r, tau is 2/π · asin r; here r = 1/√2.
    const truth = 0.5;
    const truths = Array.from({ length: 120 }, (_, seed) => drawScores(60, { seed }));
    const held = truths.filter((scores) => {
      const [low, high] = auditScores(scores, { resamples: 200 }).predictors.rating.interval!;
      return low <= truth && truth <= high;
    });
    // 95 % of 120 is 114, with a deviation of 2.4.
    expect(held.length).toBeGreaterThanOrEqual(105);
    expect(held.length).toBeLessThanOrEqual(120);
  });

  test('are narrower with more networks, as the root of their number', () => {
    const width = (networks: number) => {
      const [low, high] = auditScores(drawScores(networks), { resamples: 400 }).predictors.rating.interval!;
      return high - low;
    };
    expect(width(100) / width(1600)).toBeGreaterThan(3);
    expect(width(100) / width(1600)).toBeLessThan(5.3);
  });

  test('over training seeds hold the estimate, and are absent where there is one training', () => {
    const { rating } = auditScores(drawScores(80, { trainings: 3 }), { resamples: 100 }).predictors;
    expect(rating.seedInterval![0]).toBeLessThan(rating.kendallTau!);
    expect(rating.seedInterval![1]).toBeGreaterThan(rating.kendallTau!);
    expect(auditScores(drawScores(80), { resamples: 100 }).predictors.rating).not.toHaveProperty(
      'seedInterval',
    );
  });

  test('are the same for the same seed, and others for another', () => {
    const scores = drawScores(40, { trainings: 2 });
    const one = auditScores(scores, { resamples: 100 });
    expect(auditScores(scores, { resamples: 100 })).toEqual(one);
    expect(auditScores(scores, { resamples: 100, seed: 1 }).predictors.rating.interval).not.toEqual(
      one.predictors.rating.interval,
    );
  });
});

describe('the verdict', () => {
  const verdict = (scores: Scores) => auditScores(scores, { resamples: 300 });

  test('a rating that is the accuracy ranks better, with nothing to regret', () => {
    const scores = drawScores(200);
    const audit = verdict({ ...scores, rating: scores.accuracy.map((value) => -value) });
    expect(audit.predictors.rating).toMatchObject({
      kendallTau: 1,
      regret: { 1: { points: 0 }, 10: { points: 0 } },
    });
    expect(audit.difference.interval![0]).toBeGreaterThan(0);
    expect(audit.verdict).toMatch(
      /^The rating ranks better than multiply-adds, the best baseline \(difference of their taus \+0\.\d+/,
    );
    expect(audit.verdict).toMatch(/among networks of one size it ranks better than chance too/);
  });

  test('a rating turned round ranks worse', () => {
    const scores = drawScores(200);
    const audit = verdict({ ...scores, rating: scores.accuracy });
    expect(audit.verdict).toMatch(/^The rating ranks worse than .*ranks them the wrong way round/);
  });

  test('a rating that is the size differs in nothing and tells nothing at one size', () => {
    const scores = drawScores(200);
    const audit = verdict({ ...scores, rating: scores.costs.macs.map((value) => -value) });
    expect(audit.difference).toMatchObject({ baseline: 'macs', kendallTau: 0, interval: [0, 0] });
    expect(audit.verdict).toMatch(/there is no difference that this truth can show/);
    expect(audit.verdict).toMatch(/among networks of one size it ranks no better than chance/);
    expect(audit.conditionalTau.macs).toBeNull();
  });

  test('the ceiling is the mean of what each training tells of the others', () => {
    const scores = drawScores(60, { trainings: 2 });
    const [one, two] = scores.seeds.map((seed) => rankValues(seed));
    expect(verdict(scores).ceiling).toBeCloseTo(kendallTau(one!, two!), 12);
    expect(verdict(drawScores(60)).ceiling).toBeNull();
  });
});

describe('tables', () => {
  function scoresOf(text: string): ReturnType<typeof readScores> {
    const folder = mkdtempSync(join(tmpdir(), 'dna-scores-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'scores.csv'), text);
    return readScores(join(folder, 'scores.csv'));
  }

  const indices = Array.from({ length: 10 }, (_, index) => index);

  test('percent are shares, and the mean of the trainings is the accuracy where nobody tells it', () => {
    const rows = indices.map((i) => `${i},5,6,${80 + i},${70 + i}`).join('\n');
    const { scores } = scoresOf(`rating,macs,params,accuracy_2,accuracy_1\n${rows}`);
    expect(scores.accuracy[3]).toBeCloseTo(0.78, 12);
    expect(scores.seeds.map((seed) => seed[3])).toEqual([0.73, 0.83]);
    const shares = indices.map((i) => `${i},5,6,${i / 10}`).join('\n');
    expect(scoresOf(`rating,macs,params,accuracy\n${shares}`).scores.accuracy[7]).toBe(0.7);
  });

  test('comments, quotes, line ends and empty lines are as RFC 4180 and the recipe have them', () => {
    const rows = indices.map((i) => `"k3, ""e${i}"" # a",${i},0.${i}1,5,6`).join('\r\n');
    const text = `\ufeff# recipe: "a", b\r\narchitecture,rating,accuracy,macs,params\r\n${rows}\r\n\r\n# end\r\n`;
    const { scores, repeated, unused } = scoresOf(text);
    expect(scores.rating).toEqual(Float64Array.from(indices));
    expect([repeated, unused]).toEqual([0, []]);
  });

  test('a network that stands twice counts once, and other columns are named', () => {
    const rows = [...indices, 4].map((i) => `n${i},${i},0.${i}1,5,6,x`).join('\n');
    const { scores, repeated, unused } = scoresOf(`architecture,rating,accuracy,macs,params,note\n${rows}`);
    expect(scores.rating.length).toBe(10);
    expect([repeated, unused]).toEqual([1, ['note']]);
  });

  test('a column that is empty from top to bottom is none', () => {
    const rows = indices.map((i) => `${i},0.${i}1,5,6,`).join('\n');
    expect(scoresOf(`rating,accuracy,macs,params,depth\n${rows}`).scores.costs).not.toHaveProperty('depth');
  });
});

describe('the pick within limits', () => {
  const scores: Scores = {
    rating: Float64Array.of(5, 1, 2, 3, 4, 6),
    accuracy: Float64Array.of(0.9, 0.99, 0.8, 0.7, 0.6, 0.5),
    seeds: [],
    costs: {
      macs: Float64Array.of(100, 300, 101, 99, 102.1, 98),
      params: Float64Array.of(1, 1, 1, 1.01, 1.5, 9),
      depth: Float64Array.of(3, 9, 2, 3, 1, 4),
    },
  };

  test('is the best rated network, held to its equals in cost, to the deepest and to the most expensive', () => {
    const { pick } = auditScores(scores, { resamples: 100, limits: { macs: 200, params: 5 } });
    expect(pick).toMatchObject({ networks: 4, network: 2, accuracy: 0.8, rank: 2, best: 0.9 });
    // Of 101 within 2 %: 100 and 99 and 102.1; in the mean of 0.9, 0.7 and 0.6.
    expect(pick!.near!.networks).toBe(3);
    expect(pick!.near!.mean).toBeCloseTo(2.2 / 3, 12);
    expect(pick!.near!.beaten).toBeCloseTo(2 / 3, 12);
    const sample = Math.sqrt((0.9 ** 2 + 0.7 ** 2 + 0.6 ** 2 - 2.2 ** 2 / 3) / 2);
    expect(pick!.near!.deviation).toBeCloseTo(sample, 12);
    expect(pick!.near!.interval[1] - pick!.near!.mean).toBeCloseTo((1.96 * sample) / Math.sqrt(3), 12);
    // Without 102.1, whose parameters are half as many again.
    expect(pick!.alike!.networks).toBe(2);
    expect(pick!.alike!.mean).toBeCloseTo(0.8, 12);
    expect(pick!.deepest).toEqual({ depth: 3, networks: 2, accuracy: 0.8 });
    expect(pick!.mostExpensive).toBe(0.6);
  });

  test('is not there without limits, or where they leave no network', () => {
    expect(auditScores(scores, { resamples: 100 })).not.toHaveProperty('pick');
    expect(auditScores(scores, { resamples: 100, limits: { macs: 1 } })).not.toHaveProperty('pick');
  });

  test('tells of no equals in cost where there are fewer than two', () => {
    const { pick } = auditScores(scores, { resamples: 100, limits: { params: 5 } });
    expect(pick).toMatchObject({ network: 1, rank: 1, networks: 5 });
    expect(pick).not.toHaveProperty('near');
  });
});
