import { wrongUsage } from 'dna-nas/errors';
import type { ScoreTable } from '../table/read-scores.js';
import type { AuditOptions } from './audit-scores.js';

/** Networks that must be left to order. */
const LEFT = 5;

/**
 * What an audit of these scores is asked for: limits that are given stand over those of the run.
 * @param name of the file that the scores or accuracies are from
 * @throws DnaError `USAGE` for a limit on a cost that the scores do not have, or a fit that they do not allow
 */
export function checkedOptions(
  { seed, resamples, fit, limits = {} }: AuditOptions,
  table: ScoreTable,
  name: string,
): AuditOptions {
  requireCosts(Object.keys(limits), Object.keys(table.scores.costs));
  if (fit && fit.length > 0) requireFit(fit, table, name);
  const all = { ...table.limits, ...limits };
  return {
    ...(seed !== undefined && { seed }),
    ...(resamples !== undefined && { resamples }),
    ...(fit && { fit }),
    ...(Object.keys(all).length > 0 && { limits: all }),
  };
}

function requireCosts(limited: readonly string[], known: readonly string[]): void {
  const unknown = limited.find((cost) => !known.includes(cost));
  if (unknown === undefined) return;
  throw wrongUsage(
    `A limit is set on ${unknown}, which is not known of these networks; ${known.join(', ')} are.`,
    'Limit one of these.',
  );
}

function requireFit(fit: readonly number[], { scores }: ScoreTable, name: string): void {
  if (!scores.blocks)
    throw wrongUsage(
      `A fit weighs the ratings of blocks, and ${name} has no columns rating_1, rating_2, ….`,
      'Add them, or audit a run: it has the ratings of its blocks.',
    );
  const [networks, most] = [scores.rating.length, Math.max(...fit)];
  if (networks >= most + LEFT) return;
  throw wrongUsage(
    `A fit to ${most} networks: ${name} has ${networks} networks; ${most} to fit to and ${LEFT} to order are expected.`,
    'Fit to fewer, or train more networks: `dna truth`.',
  );
}
