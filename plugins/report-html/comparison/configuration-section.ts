import type { RunsComparison } from 'dna-nas/core';
import { type Markup, tag } from '../markup.js';
import { optionsTable } from '../options-table.js';

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
    configuration.length > 0 && optionsTable(names, configuration.slice(0, AT_ONCE)),
    more.length > 0 &&
      tag('details', {}, tag('summary', {}, `${more.length} further options`), optionsTable(names, more)),
  );
}
