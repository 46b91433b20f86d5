import { DnaError, either, nearest } from 'dna-nas/errors';
import { type Infeasible, type SearchProblem, smallestCost, smallestCosts } from './solver.js';

const USAGE = { exitCode: 2 };

/** One limit a cost, infinite where none is given. `prefix` is what stands before a cost's name where it was set. */
export function limitsOf(
  { costNames }: Pick<SearchProblem, 'costNames'>,
  limits: Readonly<Record<string, number>>,
  prefix = '',
): number[] {
  const unknown = Object.keys(limits).find((name) => !costNames.includes(name));
  if (unknown !== undefined) throw unknownCost(unknown, { costNames, where: `${prefix}${unknown}` });
  return costNames.map((name) => limits[name] ?? Number.POSITIVE_INFINITY);
}

interface CostContext {
  readonly costNames: readonly string[];
  /** Where the name was found. */
  readonly where: string;
}

/** A cost was named that the space does not price. */
export function unknownCost(name: string, { costNames, where }: CostContext): DnaError {
  const close = nearest(name, costNames);
  return new DnaError(
    'UNKNOWN_COST',
    `${where}: the space has no cost of this name; its costs are ${costNames.join(', ')}.`,
    close ? `Did you mean ${close}?` : `Take ${either(costNames)}, or add a plugin that prices ${name}.`,
    USAGE,
  );
}

/**
 * No network is within the limits. Tells how low each cost can go: alone, and where several are limited, under the
 * other limits.
 */
export function impossibleLimits(
  problem: SearchProblem,
  limits: readonly number[],
  { infeasible, advice }: { readonly infeasible: Infeasible; readonly advice: string },
): DnaError {
  const smallest = smallestCosts(problem);
  const reachable = problem.costNames.map((name, index) => `${name} ${smallest[index]}`).join(', ');
  return new DnaError(
    'LIMITS_IMPOSSIBLE',
    `No network of the space meets the limits: ${infeasible.message}`,
    `The smallest reachable values, each on its own, are ${reachable}${underOthers(problem, limits)}: ${advice}.`,
    USAGE,
  );
}

/** `; under the other limits macs 600000 and params 9000`, of each limited cost, where more than one is. */
function underOthers(problem: SearchProblem, limits: readonly number[]): string {
  const limited = problem.costNames.flatMap((name, cost) =>
    limits[cost]! < Number.POSITIVE_INFINITY ? [{ name, cost }] : [],
  );
  if (limited.length < 2) return '';
  const values = limited.flatMap(({ name, cost }) => {
    const smallest = smallestCost(problem, limits, cost);
    return smallest === undefined ? [] : [`${name} ${smallest}`];
  });
  return values.length === 0 ? '' : `; under the other limits ${values.join(', ')}`;
}
