import type { ComparedRun } from 'dna-nas/core';
import { type Markup, tag } from '../markup.js';
import type { ReportData } from '../run-data.js';

/** A run among others, with all that its own page would show. */
export interface ComparedData {
  readonly run: ComparedRun;
  readonly data: ReportData;
  /** Class of what is drawn of it: `run-1`. */
  readonly colour: string;
}

/** Names of runs by their colours. */
export function runsLegend(runs: readonly Pick<ComparedData, 'run' | 'colour'>[]): Markup {
  return tag(
    'ul',
    { class: 'legend' },
    runs.map(({ run, colour }) => tag('li', {}, tag('span', { class: `swatch ${colour}` }), run.name)),
  );
}
