import { ledgerTable } from './ledger-table.js';
import { type Markup, tag } from './markup.js';
import { duration } from './numbers.js';
import { label, picture } from './picture.js';
import type { ReportData } from './run-data.js';

const WIDTH = 920;
const ROW = 30;
const NAMES = 110;
const VALUES = 150;
/** Stages that took less than this share of the run are told together. */
const LEAST_SHARE = 0.005;

/** Where the time went. */
export function timeSection({ summary }: ReportData): Markup | undefined {
  const rows = timeRows(Object.entries(summary.stages));
  if (rows.length === 0) return undefined;
  const total = rows.reduce((sum, [, seconds]) => sum + seconds, 0);
  const longest = Math.max(...rows.map(([, seconds]) => seconds));
  const description = rows.map(([stage, seconds]) => `${stage} ${duration(seconds)}`).join(', ');
  return tag(
    'section',
    { 'aria-labelledby': 'time' },
    tag('h2', { id: 'time' }, 'Time'),
    tag('p', {}, `${duration(summary.seconds)} in all, over all starts of the run.`),
    picture(
      { id: 'times', width: WIDTH, height: rows.length * ROW, title: 'Time of each stage', description },
      rows.map(([stage, seconds], i) => {
        const middle = i * ROW + ROW / 2;
        const width = Math.max(2, (seconds / longest) * (WIDTH - NAMES - VALUES));
        const share = `${Math.round((100 * seconds) / total)} %`;
        return tag(
          'g',
          {},
          label({ x: 0, y: middle + 5 }, stage, { kind: 'value' }),
          tag('rect', { x: NAMES, y: middle - 9, width, height: 18, rx: 4, class: 'bar main' }),
          label({ x: NAMES + width + 10, y: middle + 5 }, `${duration(seconds)} · ${share}`),
        );
      }),
    ),
    summary.ledger ? ledgerTable(summary.ledger) : [],
  );
}

function timeRows(stages: readonly [string, number][]): [string, number][] {
  const total = stages.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (total <= 0) return [];
  const long = stages.filter(([, seconds]) => seconds / total >= LEAST_SHARE);
  const short = stages.filter(([, seconds]) => seconds / total < LEAST_SHARE);
  const rest = short.reduce((sum, [, seconds]) => sum + seconds, 0);
  if (short.length === 1) return [...stages];
  return short.length > 0 ? [...long, [`${short.length} others`, rest]] : long;
}
