import type { ConfigurationDifference, RunsComparison } from 'dna-nas/core';
import { type Markup, tag } from '../markup.js';

/** Options that are shown at once; the others are unfolded. */
const AT_ONCE = 12;

/** The options in which runs differ, a column a run. */
export function configurationSection({ runs, configuration }: RunsComparison): Markup {
  const names = runs.map(({ name }) => name);
  const more = configuration.slice(AT_ONCE);
  return tag(
    'section',
    { 'aria-labelledby': 'configuration' },
    tag('h2', { id: 'configuration' }, 'Configuration'),
    tag(
      'p',
      {},
      configuration.length === 0 ? 'All runs have the same.' : 'What is not the same in all runs.',
    ),
    configuration.length > 0 && table(names, configuration.slice(0, AT_ONCE)),
    more.length > 0 &&
      tag('details', {}, tag('summary', {}, `${more.length} further options`), table(names, more)),
  );
}

function table(names: readonly string[], rows: readonly ConfigurationDifference[]): Markup {
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
