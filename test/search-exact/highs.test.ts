import { type RandomStream, randomStream } from 'dna-nas/core';
import { type SearchProblem, solve } from 'dna-nas/plugins/search-exact';
import loadHighs, { type Highs } from 'highs';
import { beforeAll, expect, test } from 'vitest';
import { CAMPAIGN } from '../faults/extent.js';

const INSTANCES = CAMPAIGN ? 8 : 3;

let highs: Highs;
beforeAll(async () => {
  // The package's types describe its CommonJS form, its import gives the function itself.
  highs = await (loadHighs as unknown as typeof loadHighs.default)();
});

/** Four to five blocks of 20 to 40 candidates, costs that depend on the input state and are far from additive. */
function randomProblem(random: RandomStream, costCount: number): SearchProblem {
  let inputs = 1;
  const whole = random.integer(2) === 1;
  const number = (below: number) => (whole ? random.integer(below) : random.uniform() * below);
  const blocks = Array.from({ length: 4 + random.integer(2) }, () => {
    const count = 20 + random.integer(21);
    const states = 1 + random.integer(3);
    const sizes = Float64Array.from({ length: count * costCount }, () => 50 + number(950));
    const ratings = Float64Array.from({ length: count }, (_, candidate) => {
      return random.uniform() * 600 + 1000 - (sizes[candidate * costCount] ?? 0);
    });
    const output = Uint16Array.from({ length: count }, (_, index) =>
      index < states ? index : random.integer(states),
    );
    const costs = Array.from({ length: inputs }, () => sizes.map((size) => size + number(300)));
    inputs = states;
    return { states, output, ratings, costs };
  });
  return {
    costNames: ['macs', 'params', 'milliseconds'].slice(0, costCount),
    fixed: Float64Array.from({ length: costCount }, () => number(100)),
    blocks,
    final: Array.from({ length: inputs }, () => Float64Array.from({ length: costCount }, () => number(400))),
  };
}

/**
 * The problem as a mixed-integer program in CPLEX's LP text: a binary variable for each block, input state and
 * candidate; what flows into a state flows out of it.
 */
function toProgram(problem: SearchProblem, limits: readonly number[]): string {
  const objective: string[] = [];
  const costTerms: string[][] = problem.costNames.map(() => []);
  const flow = new Map<string, string[]>();
  const names: string[] = [];
  const at = (block: number, state: number) => {
    const key = `${block}_${state}`;
    if (!flow.has(key)) flow.set(key, []);
    return flow.get(key)!;
  };
  problem.blocks.forEach((block, index) => {
    block.costs.forEach((table, state) => {
      block.ratings.forEach((rating, candidate) => {
        const name = `x${index}_${state}_${candidate}`;
        const output = block.output[candidate]!;
        names.push(name);
        objective.push(`${rating} ${name}`);
        at(index, state).push(`- ${name}`);
        at(index + 1, output).push(`+ ${name}`);
        problem.costNames.forEach((_, cost) => {
          const head = index === problem.blocks.length - 1 ? problem.final[output]![cost]! : 0;
          costTerms[cost]!.push(`${table[candidate * problem.costNames.length + cost]! + head} ${name}`);
        });
      });
    });
  });
  const flows = [...flow].flatMap(([key, terms]) => {
    if (key.startsWith(`${problem.blocks.length}_`)) return [];
    return [`flow${key}: ${terms.join(' ')} = ${key === '0_0' ? -1 : 0}`];
  });
  const rows = limits.flatMap((limit, cost) =>
    limit < Number.POSITIVE_INFINITY
      ? [`limit${cost}: ${costTerms[cost]!.join(' + ')} <= ${limit - problem.fixed[cost]!}`]
      : [],
  );
  return `Minimize\nobj: ${objective.join(' + ').replaceAll('+ -', '- ')}\nSubject To\n${[...flows, ...rows].join('\n')}\nBinary\n${names.join('\n')}\nEnd\n`;
}

test.each([0, 1, 2, 3])('agrees with a mixed-integer solver under %i limits', (count) => {
  const random = randomStream('highs').fork(count);
  for (let instance = 0; instance < INSTANCES; instance++) {
    const problem = randomProblem(random.fork(instance), Math.max(1, count));
    const perBlock = 420 + 40 * (instance % 4);
    const limits = problem.costNames.map(() =>
      count === 0 ? Number.POSITIVE_INFINITY : perBlock * problem.blocks.length,
    );
    const answer = highs.solve(toProgram(problem, limits), {
      mip_rel_gap: 1e-9,
      mip_abs_gap: 1e-7,
      output_flag: false,
    });
    const found = solve(problem, limits);
    expect(answer.Status).toBe(found.feasible ? 'Optimal' : 'Infeasible');
    if (found.feasible) expect(found.rating).toBeCloseTo(answer.ObjectiveValue, 4);
  }
});
