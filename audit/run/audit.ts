import { join, resolve } from 'node:path';
import type { Audit } from '../scores/audit.js';
import type { AuditOptions } from '../scores/audit-scores.js';
import { checkedOptions } from '../scores/checked-options.js';
import type { ScoreTable } from '../table/read-scores.js';
import { auditRun } from './audit-run.js';
import { type RunScoresRequest, readRunScores } from './read-run-scores.js';

/** A run, the accuracies that its ratings are held to, and how. */
export interface AuditRequest extends RunScoresRequest, AuditOptions {}

/** What came out, and what of run and truth it is about. */
export interface AuditedRun {
  readonly audit: Audit;
  /** The networks that were compared, with their ratings, accuracies and costs. */
  readonly table: ScoreTable;
  /** Absolute path of `audit.json`; undefined where another process works on the run, so that it was not written. */
  readonly file: string | undefined;
}

/**
 * Tells how well a run's ratings order networks whose accuracy is known, and keeps that in the run's folder.
 * @throws DnaError those of `readRunScores`; `USAGE` for a limit on a cost that is not known, or too few networks to fit
 */
export async function audit(request: AuditRequest): Promise<AuditedRun> {
  const { folder, truth } = request;
  const table = await readRunScores(request);
  const { audit: found, kept } = auditRun(
    { folder, scores: table.scores },
    checkedOptions(request, table, truth),
  );
  return { audit: found, table, file: kept ? join(resolve(folder), 'audit.json') : undefined };
}
