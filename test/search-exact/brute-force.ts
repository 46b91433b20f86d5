import type { SearchProblem, Solution } from 'dna-nas/plugins/search-exact';

/** Every network of a small problem, in the documented order of solutions; sums added in block order. */
export function allNetworks(problem: SearchProblem): Solution[] {
  const networks: Solution[] = [];
  const visit = (block: number, state: number, candidates: number[], rating: number, costs: number[]) => {
    const current = problem.blocks[block];
    if (!current) {
      const total = Float64Array.from(costs, (cost, index) => cost + problem.final[state]![index]!);
      networks.push({ feasible: true, candidates, rating, costs: total });
      return;
    }
    current.ratings.forEach((own, candidate) => {
      const added = costs.map(
        (cost, index) => cost + current.costs[state]![candidate * costs.length + index]!,
      );
      visit(block + 1, current.output[candidate]!, [...candidates, candidate], rating + own, added);
    });
  };
  visit(0, 0, [], 0, [...problem.fixed]);
  return networks.sort(compareSolutions);
}

function compareVectors(first: ArrayLike<number>, second: ArrayLike<number>): number {
  for (let index = 0; index < first.length; index++) {
    if (first[index] !== second[index]) return first[index]! - second[index]!;
  }
  return 0;
}

/** Rating, then costs in order, then candidates. */
export function compareSolutions(first: Solution, second: Solution): number {
  return (
    first.rating - second.rating ||
    compareVectors(first.costs, second.costs) ||
    compareVectors(first.candidates, second.candidates)
  );
}

export function within(network: Solution, limits: readonly number[]): boolean {
  return limits.every((limit, cost) => network.costs[cost]! <= limit);
}

/** The front by definition: every pair compared. */
export function frontOf(networks: readonly Solution[], costs: readonly number[]): Solution[] {
  const beats = (first: Solution, second: Solution) =>
    first.rating <= second.rating && costs.every((cost) => first.costs[cost]! <= second.costs[cost]!);
  return networks.filter((network, index) =>
    networks.every((other, place) => {
      if (place === index || !beats(other, network)) return true;
      return beats(network, other) && place > index;
    }),
  );
}
