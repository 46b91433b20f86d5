import type { ConfigurationDifference } from 'dna-nas/core';
import { type Markup, tag } from './markup.js';

/** Options with their values, a column a name. */
export function optionsTable(names: readonly string[], rows: readonly ConfigurationDifference[]): Markup {
  const head = ['Option', ...names].map((heading) => tag('th', { scope: 'col' }, heading));
  const body = rows.map(({ path, values }) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, tag('code', {}, path)),
      names.map((name) => tag('td', { class: 'value' }, valueText(values, name))),
    ),
  );
  return tag(
    'div',
    { class: 'scroll' },
    tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, body)),
  );
}

function valueText(values: ConfigurationDifference['values'], run: string): string {
  const value = values[run];
  if (value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}

/** Characters of a value: enough to tell hashes apart. */
const MOST = 40;
