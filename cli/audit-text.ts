import {
  type Audit,
  type FittedTau,
  type LimitedPick,
  NAMES,
  type NearNetworks,
  type PredictorAudit,
  type PredictorName,
  type Regret,
} from 'dna-nas/audit';
import { grouped } from 'dna-nas/errors';
import { formatTable } from './table.js';

type Range = Audit['ceilingInterval'];

/** An audit as people read it: a table of predictors, what else there is, and the verdict. */
export function auditText(audit: Audit, architectures?: readonly string[]): string {
  const { n, seeds, resamples, seed } = audit;
  const trainings = seeds === 1 ? 'trained once' : `the mean of ${seeds} trainings`;
  return [
    `${grouped(n)} networks, ${trainings}. In brackets 95 % intervals over networks; ${grouped(resamples)} resamples, seed ${seed}.`,
    formatTable([HEAD, ...rowsOf(audit.predictors)]),
    formatTable(furtherRows(audit)),
    ...(audit.fits ? [formatTable(fitRows(audit.fits)), FITTED] : []),
    audit.verdict,
    ...(audit.pick ? [pickText(audit.pick, architectures?.[audit.pick.network])] : []),
  ].join('\n\n');
}

const HEAD = ['predictor', 'tau', 'Spearman', 'regret of 1', 'regret of 10', 'tau at one size'];

function rowsOf(predictors: Audit['predictors']): string[][] {
  const entries = Object.entries(predictors) as [PredictorName, PredictorAudit][];
  return entries.map(([name, one]) => [
    name === 'rating' ? 'rating' : NAMES[name],
    figure(one.kendallTau, one.interval),
    figure(one.spearman, one.spearmanInterval),
    points(one.regret[1]),
    points(one.regret[10]),
    figure(one.sizeMatchedTau, one.sizeMatchedInterval),
  ]);
}

function furtherRows(audit: Audit): string[][] {
  const { conditionalTau, conditionalIntervals, difference, predictors } = audit;
  const rows = [
    [
      `rating less ${NAMES[difference.baseline]}, the best baseline`,
      figure(difference.kendallTau, difference.interval),
    ],
    ['rating, multiply-adds held still', figure(conditionalTau.macs, conditionalIntervals.macs)],
    ['rating, parameters held still', figure(conditionalTau.params, conditionalIntervals.params)],
  ];
  if (audit.ceiling !== null)
    rows.push(['one training against the mean of the others', figure(audit.ceiling, audit.ceilingInterval)]);
  const { kendallTau, seedInterval } = predictors.rating;
  if (seedInterval) rows.push(['rating, interval over training seeds', figure(kendallTau, seedInterval)]);
  return [['tau of', ''], ...rows];
}

function fitRows(fits: NonNullable<Audit['fits']>): string[][] {
  const cell = (fitted: FittedTau | undefined) =>
    fitted ? `${figure(fitted.kendallTau, fitted.interval)} ${figure(fitted.sizeMatchedTau, null)}` : '';
  const rows = fits.map(({ networks, predictors: { rating, operations, sizes } }) => [
    grouped(networks),
    cell(rating),
    cell(operations),
    cell(sizes),
  ]);
  const table = [['networks trained', 'tau of ratings', 'of operations alone', 'of sizes alone'], ...rows];
  return fits.some(({ predictors }) => predictors.operations)
    ? table
    : table.map((row) => row.toSpliced(2, 1));
}

const FITTED =
  'Fitted to the networks trained; tau of all others: the mean over draws of those networks, in brackets where 95 % of the draws lie, and behind them tau at one size. The ratings are fitted with what operations add; operations, and multiply-adds and depth, tell it without any rating.';

/** What the search took, and what of its accuracy is more than its cost. */
function pickText(pick: LimitedPick, architecture: string | undefined): string {
  const { near } = pick;
  const limits = Object.entries(pick.limits).map(([name, limit]) => `${name} ≤ ${grouped(limit)}`);
  const name = architecture === undefined ? '' : `, ${architecture},`;
  const beaten = near ? `, better than ${Math.round(100 * near.beaten)} % of those of its multiply-adds` : '';
  return [
    `Within ${limits.join(' and ')} the best rated network${name} is number ${grouped(pick.rank)} of ${grouped(pick.networks)} by accuracy${beaten}.`,
    formatTable(pickRows(pick)),
  ].join('\n\n');
}

function pickRows({ accuracy, best, near, alike, deepest, mostExpensive }: LimitedPick): string[][] {
  const rows = [
    ['accuracy of', '%'],
    ['the best rated network', percent(accuracy)],
    ['the best network', percent(best)],
  ];
  if (near) rows.push(nearRow(near, 'multiply-adds'));
  if (alike) rows.push(nearRow(alike, 'multiply-adds and parameters'));
  if (deepest)
    rows.push([
      `the deepest (${grouped(deepest.networks)} of ${deepest.depth} layers)`,
      percent(deepest.accuracy),
    ]);
  return [...rows, ['the most expensive', percent(mostExpensive)]];
}

function nearRow({ networks, mean, interval }: NearNetworks, costs: string): string[] {
  const range = interval.map(percent).join(', ');
  return [`${grouped(networks)} others within 2 % of its ${costs}`, `${percent(mean)} [${range}]`];
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}

/** `0.556 [0.540, 0.571]` */
function figure(value: number | null, interval: Range): string {
  if (value === null) return 'no value';
  return interval ? `${three(value)} [${interval.map(three).join(', ')}]` : three(value);
}

/** `0.17 [0.02, 0.35]`, percentage points. */
function points({ points: value, interval }: Regret): string {
  const two = (number: number) => number.toFixed(2);
  return interval ? `${two(value)} [${interval.map(two).join(', ')}]` : two(value);
}

function three(value: number): string {
  return value.toFixed(3).replace('-', '−');
}
