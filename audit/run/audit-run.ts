import { randomStream } from 'dna-nas/core';
import { openRunFolder } from 'dna-nas/core/store';
import { DnaError } from 'dna-nas/errors';
import type { Audit } from '../scores/audit.js';
import { type AuditOptions, auditScores } from '../scores/audit-scores.js';
import type { Scores } from '../scores/scores.js';
import type { ScoreTable } from '../table/read-scores.js';

/** What `audit.json` of a run holds. */
export interface KeptAudit extends Audit {
  /** Networks for a picture: all, or 2,000 that were drawn from them. Accuracies are percent. */
  readonly points: { readonly rating: number[]; readonly accuracy: number[]; readonly macs: number[] };
}

const MOST_POINTS = 2000;

/** Audits the ratings of a run and keeps what was found as `audit.json` in its folder, sealed as its other outputs. */
export function auditRun(
  { folder, scores }: Pick<ScoreTable, 'scores'> & { readonly folder: string },
  options: AuditOptions,
): { readonly audit: Audit; readonly kept: boolean } {
  const audit = auditScores(scores, options);
  return { audit, kept: keep(folder, { ...audit, points: pointsOf(scores) }) };
}

/** False while another process works on the run, whose folder is its own. */
function keep(folder: string, audit: KeptAudit): boolean {
  try {
    const owned = openRunFolder(folder);
    try {
      owned.writeJson('audit', audit);
    } finally {
      owned.release();
    }
    return true;
  } catch (error) {
    if (error instanceof DnaError && error.code === 'RUN_OWNED') return false;
    throw error;
  }
}

function pointsOf({ rating, accuracy, costs }: Scores): KeptAudit['points'] {
  const drawn = randomStream(0).fork('points').permutation(rating.length).slice(0, MOST_POINTS).sort();
  const of = (values: Float64Array) => Array.from(drawn, (network) => values[network]!);
  return { rating: of(rating), accuracy: of(accuracy.map((share) => 100 * share)), macs: of(costs.macs) };
}
