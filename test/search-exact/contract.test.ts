import {
  paretoFront,
  SearchBudgetError,
  type SearchProblem,
  smallestCosts,
  solve,
  topK,
} from 'dna-nas/plugins/search-exact';
import { expect, test } from 'vitest';

/** Two blocks; the second costs more after output state 1. */
const problem: SearchProblem = {
  costNames: ['macs', 'params'],
  fixed: Float64Array.of(1, 2),
  blocks: [
    { states: 2, output: [0, 1], ratings: Float64Array.of(5, 1), costs: [Float64Array.of(10, 10, 10, 10)] },
    {
      states: 1,
      output: [0, 0],
      ratings: Float64Array.of(4, 2),
      costs: [Float64Array.of(5, 9, 20, 1), Float64Array.of(50, 90, 200, 10)],
    },
  ],
  final: [Float64Array.of(100, 200)],
};
const none = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];

test('a candidate is priced by the channels of the one before it', () => {
  const found = solve(problem, none);
  expect(found).toMatchObject({ candidates: [1, 1], rating: 3, costs: Float64Array.of(311, 222) });
  expect(solve(problem, [310, 1000])).toMatchObject({ candidates: [1, 0], rating: 5 });
  expect(solve(problem, [160, 1000])).toMatchObject({
    candidates: [0, 1],
    rating: 7,
    costs: Float64Array.of(131, 213),
  });
});

test('fewer networks than asked for are all given', () => {
  expect(topK(problem, none, 10).map(({ rating }) => rating)).toEqual([3, 5, 7, 9]);
  expect(topK(problem, [0, 0], 10)).toEqual([]);
});

test('of equal networks the first candidates win', () => {
  const block = { states: 1, output: [0, 0], ratings: Float64Array.of(1, 1), costs: [new Float64Array(2)] };
  const equal = {
    costNames: ['macs'],
    fixed: new Float64Array(1),
    blocks: [block, block],
    final: [new Float64Array(1)],
  };
  const all = topK(equal, [0], 4).map(({ candidates }) => candidates);
  expect(all).toEqual([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(paretoFront(equal, [0], [0]).map(({ candidates }) => candidates)).toEqual([[0, 0]]);
});

test('a difference that rounding swallows still leaves the order of candidates', () => {
  const block = (...ratings: number[]) => ({
    states: 1,
    output: ratings.map(() => 0),
    ratings: Float64Array.from(ratings),
    costs: [new Float64Array(0)],
  });
  const tiny = {
    costNames: [],
    fixed: new Float64Array(0),
    blocks: [block(1e-20, 0), block(1)],
    final: [new Float64Array(0)],
  };
  expect(solve(tiny, [])).toMatchObject({ candidates: [0, 0], rating: 1 });
});

test('an impossible limit is named with the smallest reachable value', () => {
  expect([...smallestCosts(problem)]).toEqual([116, 213]);
  const found = solve(problem, [100, 1000]);
  expect(found).toMatchObject({
    feasible: false,
    reason: 'limit',
    limits: [{ cost: 0, name: 'macs', limit: 100, smallest: 116 }],
    closest: { candidates: [0, 0] },
  });
  expect(solve(problem, [Number.NEGATIVE_INFINITY, 1000])).toMatchObject({ closest: { candidates: [0, 0] } });
});

test('limits that exclude one another are reported together', () => {
  const found = solve(problem, [120, 215]);
  expect(found).toMatchObject({ feasible: false, reason: 'together', closest: { candidates: [0, 0] } });
  if (!found.feasible)
    expect(found.message).toMatch(/macs ≤ 120.*params ≤ 215.*together.*closest has macs 116, params 221/);
});

test('a budget that does not suffice says what to do', () => {
  const random = (seed: number) => ((Math.sin(seed) * 43758.5453) % 1) + 1;
  const block = (start: number) => ({
    states: 1,
    output: Array.from({ length: 50 }, () => 0),
    ratings: Float64Array.from({ length: 50 }, (_, index) => random(start + index)),
    costs: [Float64Array.from({ length: 50 }, (_, index) => random(start + 1000 + index))],
  });
  const large = {
    costNames: ['macs'],
    fixed: new Float64Array(1),
    blocks: [block(1), block(100), block(200)],
    final: [new Float64Array(1)],
  };
  const trace = (options: object) => () => paretoFront(large, [Number.POSITIVE_INFINITY], [0], options);
  expect(trace({ maximumLabels: 10 })).toThrow(
    /holds \d+ partial networks.*10 allowed\. Trace fewer costs.*raise maximumLabels/,
  );
  expect(trace({ maximumSteps: 20 })).toThrow(SearchBudgetError);
  expect(trace({})().length).toBeGreaterThan(5);
});

test.each<[string, Partial<SearchProblem>, RegExp]>([
  ['no blocks', { blocks: [] }, /no blocks/],
  ['short fixed costs', { fixed: Float64Array.of(1) }, /fixed has 1 numbers, expected 2/],
  ['final of another number of states', { final: [] }, /final has 0 states, the last block 1/],
  [
    'an infinite rating',
    { blocks: [{ ...problem.blocks[0]!, ratings: Float64Array.of(1, Infinity) }] },
    /block 1, candidate 1 is rated Infinity/,
  ],
  [
    'an output out of range',
    { blocks: [{ ...problem.blocks[0]!, output: [0, 2] }] },
    /candidate 1 has output state 2.*0 to 1/,
  ],
  [
    'a missing cost table',
    { blocks: [problem.blocks[0]!, { ...problem.blocks[1]!, costs: problem.blocks[0]!.costs }] },
    /block 2 has costs for 1 input states/,
  ],
])('%s: the error says where', (_, change, message) => {
  expect(() => solve({ ...problem, ...change }, none)).toThrow(message);
});

test('wrong limits, counts and cost indices are refused', () => {
  expect(() => solve(problem, [1])).toThrow(/found 1, expected one a cost \(macs, params\)/);
  expect(() => solve(problem, [1, Number.NaN])).toThrow(/params is NaN/);
  expect(() => topK(problem, none, 0)).toThrow(/whole number of networks from 1, not 0/);
  expect(() => paretoFront(problem, none, [2])).toThrow(/cost index 2 is not one of 0 to 1/);
});
