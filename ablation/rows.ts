import { type Estimate, estimate } from 'dna-nas/accuracy';
import type { RunSummary } from 'dna-nas/core/stages';
import { isAgreement } from 'dna-nas/run-tools/words';
import type { Point } from './points.js';

/** What is kept of a run. A network that the run did not train has no values. */
export interface PointResult extends Pick<Point, 'levels' | 'seed'> {
  /** Folder of its run. */
  readonly run: string;
  readonly architecture: string;
  /** Of the network found, lower is better; null where nothing was searched. */
  readonly rating: number | null;
  /** `teacher`: the data have no labels, and top-1 is agreement with its first answers. */
  readonly agreementWith?: 'teacher';
  /** Test accuracy of the network found, 0 to 1, after it was trained from scratch. */
  readonly top1: number | null;
  /** The same of the random network. */
  readonly randomTop1: number | null;
  readonly params: number | null;
  readonly macs: number | null;
  /** Of all stages, over all starts of the run. */
  readonly seconds: number;
}

const MEASURES = ['rating', 'top1', 'randomTop1', 'params', 'macs', 'seconds'] as const;
export type Measure = (typeof MEASURES)[number];

/** The runs of one combination of levels. */
export interface AblationRow {
  readonly levels: Readonly<Record<string, string>>;
  readonly seeds: readonly number[];
  /** As of its runs. */
  readonly agreementWith?: 'teacher';
  /** Over the seeds; null where a run lacks the value. */
  readonly measures: Readonly<Record<Measure, Estimate | null>>;
  /** Top-1 minus that of the first row, seed by seed; null for the first row itself. */
  readonly difference: Estimate | null;
}

/** What a complete run says. */
export function resultOf(point: Point, summary: RunSummary): PointResult {
  const network = (name: string) => summary.networks.find((candidate) => candidate.name === name);
  const found = network('found');
  return {
    ...{ run: point.name, levels: point.levels, seed: point.seed },
    architecture: summary.architecture,
    rating: summary.rating,
    ...(isAgreement(summary.networks) && { agreementWith: 'teacher' as const }),
    top1: found?.top1 ?? null,
    randomTop1: network('random')?.top1 ?? null,
    params: found?.params ?? null,
    macs: found?.macs ?? null,
    seconds: summary.seconds,
  };
}

/** One row for each combination of levels, in the order of the results. */
export function rowsOf(results: readonly PointResult[]): AblationRow[] {
  const groups = new Map<string, PointResult[]>();
  for (const result of results) {
    const key = JSON.stringify(result.levels);
    groups.set(key, [...(groups.get(key) ?? []), result]);
  }
  const [first = []] = groups.values();
  return [...groups.values()].map((group) => ({
    levels: group[0]!.levels,
    seeds: group.map(({ seed }) => seed),
    ...(isAgreement(group) && { agreementWith: 'teacher' as const }),
    measures: Object.fromEntries(
      MEASURES.map((measure) => [measure, over(group.map((result) => result[measure]))]),
    ) as AblationRow['measures'],
    difference: group === first ? null : pairedDifference(group, first),
  }));
}

function over(values: readonly (number | null)[]): Estimate | null {
  const known = values.filter((value) => value !== null);
  return known.length === values.length && known.length > 0 ? estimate(known) : null;
}

function pairedDifference(group: readonly PointResult[], first: readonly PointResult[]): Estimate | null {
  const pairs = group.flatMap(({ seed, top1 }) => {
    const other = first.find((candidate) => candidate.seed === seed)?.top1 ?? null;
    return top1 === null || other === null ? [] : [top1 - other];
  });
  return pairs.length > 0 ? estimate(pairs) : null;
}
