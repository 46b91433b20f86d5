import { type Estimate, estimate } from 'dna-nas/accuracy';
import type { PointResult } from './rows.js';

/** What one level of an axis changes against the axis's first level, all else alike. */
export interface AblationEffect {
  readonly axis: string;
  readonly level: string;
  /** The axis's first level. */
  readonly against: string;
  /** Difference of top-1 over all pairs of runs that differ in this axis alone. */
  readonly difference: Estimate;
}

/** The effects of all axes; of an axis with one level there are none, nor where no pair is complete. */
export function effectsOf(axes: readonly string[], results: readonly PointResult[]): AblationEffect[] {
  return axes.flatMap((axis) => {
    const levels = [...new Set(results.map((result) => result.levels[axis]!))];
    const [against] = levels;
    return levels.slice(1).flatMap((level) => {
      const pairs = results
        .filter((result) => result.levels[axis] === level)
        .flatMap((result) => differenceTo(partnerOf(result, { axis, level: against! }, results), result));
      return pairs.length > 0 ? [{ axis, level, against: against!, difference: estimate(pairs) }] : [];
    });
  });
}

/** The run that differs from another one in an axis alone. */
function partnerOf(
  { levels, seed }: PointResult,
  { axis, level }: { readonly axis: string; readonly level: string },
  results: readonly PointResult[],
): PointResult | undefined {
  const wanted = JSON.stringify({ ...levels, [axis]: level });
  return results.find((result) => result.seed === seed && JSON.stringify(result.levels) === wanted);
}

function differenceTo(partner: PointResult | undefined, { top1 }: PointResult): number[] {
  const other = partner?.top1 ?? null;
  return top1 === null || other === null ? [] : [top1 - other];
}
