import type { SearchSpace } from 'dna-nas/core/contracts';
import { type Solution, topK } from './solver.js';
import type { SpaceProblem } from './space-problem.js';

interface TopRequest {
  readonly space: SearchSpace;
  readonly limits: readonly number[];
  readonly count: number;
}

/** The best networks, of which no two are the same one by the space's canonical form. */
export function differentTop(
  { problem, architecture }: SpaceProblem,
  { space, limits, count }: TopRequest,
): Solution[] {
  const keyOf = ({ candidates }: Solution) => {
    const network = architecture(candidates);
    return space.formatArchitecture(space.canonical?.(network) ?? network);
  };
  for (let wanted = count; ; wanted *= 2) {
    const listed = topK(problem, limits, wanted);
    const different = new Map<string, Solution>();
    for (const one of listed) {
      const key = keyOf(one);
      if (!different.has(key)) different.set(key, one);
    }
    if (different.size >= count || listed.length < wanted) return [...different.values()].slice(0, count);
  }
}
