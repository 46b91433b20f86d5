import { type RandomStream, randomStream } from 'dna-nas/core';
import { paretoFront, type SearchProblem, solve, topK } from 'dna-nas/plugins/search-exact';
import { expect, test } from 'vitest';

const NONE = Number.POSITIVE_INFINITY;

/** Six blocks of 300 candidates, far beyond brute force; whole costs, of which the second grows with the first. */
function mediumProblem(random: RandomStream): SearchProblem {
  let inputs = 1;
  const blocks = Array.from({ length: 6 }, () => {
    const sizes = Array.from({ length: 300 }, () => 100 + random.integer(900));
    const ratings = Float64Array.from(sizes, (size) => 0.5 * random.uniform() + 0.5 * (1 - size / 1000));
    const output = Uint16Array.from(sizes, (_, index) => index % 2);
    const costs = Array.from({ length: inputs }, (_, state) =>
      Float64Array.from(
        sizes.flatMap((size) => [size + 40 * state, 300 + Math.floor(size / 2) + random.integer(400)]),
      ),
    );
    inputs = 2;
    return { states: 2, output, ratings, costs };
  });
  const final = [Float64Array.of(10, 20), Float64Array.of(30, 10)];
  return { costNames: ['macs', 'params'], fixed: Float64Array.of(5, 5), blocks, final };
}

const problems = [0, 1, 2].map((seed) => mediumProblem(randomStream('consistency').fork(seed)));

test.each(problems.map((problem, index) => [index, problem] as const))(
  'each point of front %i is the optimum under its own costs, and the next one below them',
  (_, problem) => {
    for (const limits of [
      [NONE, NONE],
      [NONE, 3200],
    ]) {
      const front = paretoFront(problem, limits, [0]);
      expect(front.length).toBeGreaterThan(50);
      for (let index = 0; index < front.length; index += 9) {
        const { costs, ...point } = front[index]!;
        expect(solve(problem, [costs[0]!, limits[1]!])).toMatchObject({ ...point, costs });
        const next = solve(problem, [costs[0]! - 1, limits[1]!]);
        expect(next.feasible && next.candidates).toEqual(
          front[index + 1] ? front[index + 1]!.candidates : false,
        );
      }
    }
  },
);

test.each(problems.map((problem, index) => [index, problem] as const))(
  'every point of the front against two costs is the optimum under its own costs (problem %i)',
  (_, problem) => {
    const front = paretoFront(problem, [2400, 3200], [0, 1]);
    expect(front.length).toBeGreaterThan(100);
    for (let index = 0; index < front.length; index += Math.ceil(front.length / 12)) {
      const { rating, candidates, costs } = front[index]!;
      expect(solve(problem, [...costs])).toMatchObject({ rating, candidates });
    }
    const best = solve(problem, [2400, 3200]);
    expect(best).toMatchObject(front[0]!);
  },
);

test.each(problems.map((problem, index) => [index, problem] as const))(
  'the best 200 of problem %i rise, differ, keep the limits and begin with the best 20',
  (_, problem) => {
    const limits = [2400, 3200];
    const many = topK(problem, limits, 200);
    expect(new Set(many.map(({ candidates }) => candidates.join())).size).toBe(200);
    many.forEach(({ rating, costs }, index) => {
      expect(costs[0]! <= 2400 && costs[1]! <= 3200).toBe(true);
      if (index > 0) expect(rating).toBeGreaterThanOrEqual(many[index - 1]!.rating);
    });
    expect(topK(problem, limits, 20)).toEqual(many.slice(0, 20));
    expect(solve(problem, limits)).toMatchObject(many[0]!);
  },
);
