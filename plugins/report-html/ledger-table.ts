import type { LedgerRow } from 'dna-nas/core/stages';
import { type Markup, tag } from './markup.js';
import { duration } from './numbers.js';

/** What a stage's own computing is. */
const STAGES: Readonly<Record<LedgerRow['stage'], string>> = {
  distill: 'distillation',
  rank: 'rating',
  search: 'search',
  retrain: 'retraining',
};

const COLUMNS = [
  ['Threads', 'seconds'],
  ['Computing', 'compute'],
  ['Teacher', 'teacher'],
  ['Data', 'data'],
  ['Other threads', 'threads'],
  ['Checkpoints', 'checkpoints'],
] as const;

/** What the threads did in their time: a row a stage and device. */
export function ledgerTable(rows: readonly LedgerRow[]): Markup {
  const head = ['Stage', 'Where', ...COLUMNS.map(([name]) => name)].map((heading) =>
    tag('th', { scope: 'col' }, heading),
  );
  const body = rows.map((row) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, STAGES[row.stage]),
      tag('td', {}, row.device || '–'),
      COLUMNS.map(([, of]) => tag('td', {}, row[of] > 0 ? duration(row[of]) : '–')),
    ),
  );
  return tag(
    'div',
    { class: 'scroll' },
    tag(
      'table',
      { id: 'ledger' },
      tag('caption', {}, 'Seconds of all threads; data and other threads were waited for.'),
      tag('thead', {}, tag('tr', {}, head)),
      tag('tbody', {}, body),
    ),
  );
}
