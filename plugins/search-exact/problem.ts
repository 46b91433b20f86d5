/**
 * The search as numbers alone: one candidate a block, ratings that add, costs that add and depend on the output
 * state (the distinct output channels) of the candidate chosen in the block before.
 */
export interface SearchProblem {
  readonly costNames: readonly string[];
  /** Costs that every network has (stem …), one a cost name. */
  readonly fixed: Float64Array;
  readonly blocks: readonly SearchBlock[];
  /** Costs of the head, one vector an output state of the last block. */
  readonly final: readonly Float64Array[];
}

/** One block: the candidates of all its cells, in one list. */
export interface SearchBlock {
  /** Number of output states: distinct output channels of the block's cells. */
  readonly states: number;
  /** Output state of each candidate. */
  readonly output: Uint16Array | readonly number[];
  /** Rating of each candidate; lower is better. */
  readonly ratings: Float64Array;
  /** `costs[inputState][candidate * costNames.length + cost]`; the first block has one input state. */
  readonly costs: readonly Float64Array[];
}

/** A complete network. */
export interface Solution {
  readonly feasible: true;
  /** The chosen candidate of each block. */
  readonly candidates: readonly number[];
  /** Sum of the ratings, added in block order. */
  readonly rating: number;
  /** Fixed costs, plus the candidates' in block order, plus the head's; one a cost name. */
  readonly costs: Float64Array;
}

/** One limit set against what can be reached. */
export interface LimitReport {
  readonly cost: number;
  readonly name: string;
  readonly limit: number;
  /** The smallest value of this cost over all networks. */
  readonly smallest: number;
}

/** No network meets the limits, and why. */
export interface Infeasible {
  readonly feasible: false;
  /** `limit`: some limits are below what any network costs; `together`: each can be met, not all at once. */
  readonly reason: 'limit' | 'together';
  /** The impossible limits, or all finite limits where only their combination is impossible. */
  readonly limits: readonly LimitReport[];
  /** The network whose greatest excess, relative to each cost's smallest reachable value, is least. */
  readonly closest: Solution;
  readonly message: string;
}

function fail(found: string, advice: string): never {
  throw new RangeError(`Search problem: ${found}. ${advice}`);
}

function checkVector(vector: Float64Array, length: number, what: string): void {
  if (vector.length !== length) {
    fail(`${what} has ${vector.length} numbers, expected ${length}`, 'Give one number a cost name.');
  }
  const wrong = vector.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    fail(`${what} holds ${vector[wrong]} at index ${wrong}`, 'Every cost must be a finite number.');
  }
}

function checkRatings(block: SearchBlock, name: string): void {
  const wrong = block.ratings.findIndex((rating) => !Number.isFinite(rating));
  if (wrong >= 0) {
    fail(
      `${name}, candidate ${wrong} is rated ${block.ratings[wrong]}`,
      'A rating must be a finite number: rate it again or leave it out.',
    );
  }
}

function checkOutput(block: SearchBlock, name: string): void {
  const count = block.ratings.length;
  if (count === 0) fail(`${name} has no candidates`, 'Every block needs at least one.');
  if (block.output.length !== count) {
    fail(`${name} has ${block.output.length} outputs for ${count} ratings`, 'Give one of each a candidate.');
  }
  for (let candidate = 0; candidate < count; candidate++) {
    const state = block.output[candidate]!;
    if (!Number.isInteger(state) || state < 0 || state >= block.states) {
      fail(
        `${name}, candidate ${candidate} has output state ${state}`,
        `Expected a whole number from 0 to ${block.states - 1}.`,
      );
    }
  }
}

/** @throws RangeError that names the block and candidate where shapes do not fit or a number is not finite. */
export function checkProblem(problem: SearchProblem): void {
  const costCount = problem.costNames.length;
  if (problem.blocks.length === 0) fail('it has no blocks', 'Give at least one.');
  checkVector(problem.fixed, costCount, 'fixed');
  let states = 1;
  problem.blocks.forEach((block, index) => {
    const name = `block ${index + 1}`;
    checkOutput(block, name);
    checkRatings(block, name);
    if (block.costs.length !== states) {
      fail(
        `${name} has costs for ${block.costs.length} input states, the block before has ${states} output states`,
        'Give one cost table an input state.',
      );
    }
    block.costs.forEach((costs, state) => {
      checkVector(costs, block.ratings.length * costCount, `${name}, costs of input state ${state}`);
    });
    states = block.states;
  });
  if (problem.final.length !== states) {
    fail(`final has ${problem.final.length} states, the last block ${states}`, 'Give one vector a state.');
  }
  problem.final.forEach((costs, state) => {
    checkVector(costs, costCount, `final of state ${state}`);
  });
}

/** @throws RangeError unless there is one limit a cost, each a number (`Infinity` for none). */
export function checkLimits(problem: SearchProblem, limits: readonly number[]): void {
  if (limits.length !== problem.costNames.length) {
    throw new RangeError(
      `Limits: found ${limits.length}, expected one a cost (${problem.costNames.join(', ') || 'none'}); ` +
        'write Infinity for no limit.',
    );
  }
  const wrong = limits.findIndex((limit) => typeof limit !== 'number' || Number.isNaN(limit));
  if (wrong >= 0) {
    throw new RangeError(
      `Limits: ${problem.costNames[wrong]} is ${limits[wrong]}; write a number or Infinity.`,
    );
  }
}

/** @throws RangeError unless each is the index of a cost. */
export function checkCosts({ costNames }: SearchProblem, costs: readonly number[]): void {
  const wrong = costs.find((cost) => !Number.isInteger(cost) || cost < 0 || cost >= costNames.length);
  if (wrong !== undefined)
    throw new RangeError(`The cost index ${wrong} is not one of 0 to ${costNames.length - 1}.`);
}

/** The same problem, whose first cost is the rating. */
export function withRatingAsCost(problem: SearchProblem): SearchProblem {
  const unrated = (costs: Float64Array) => Float64Array.of(0, ...costs);
  const count = problem.costNames.length;
  const rated = (costs: Float64Array, ratings: Float64Array) => {
    const all = new Float64Array(ratings.length * (count + 1));
    ratings.forEach((rating, candidate) => {
      all[candidate * (count + 1)] = rating;
      all.set(costs.subarray(candidate * count, (candidate + 1) * count), candidate * (count + 1) + 1);
    });
    return all;
  };
  return {
    costNames: ['rating', ...problem.costNames],
    fixed: unrated(problem.fixed),
    blocks: problem.blocks.map((block) => ({
      ...block,
      costs: block.costs.map((costs) => rated(costs, block.ratings)),
    })),
    final: problem.final.map(unrated),
  };
}
