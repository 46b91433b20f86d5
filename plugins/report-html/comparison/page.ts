import type { RunsComparison } from 'dna-nas/core';
import { accuracyName, differenceWords, imagesText } from 'dna-nas/run-tools/words';
import { type Markup, tag } from '../markup.js';
import { capitalised } from '../numbers.js';
import { readRunData } from '../run-data.js';
import { wholePage } from '../whole-page.js';
import { architecturesSection } from './architectures-section.js';
import type { ComparedData } from './compared-data.js';
import { configurationSection } from './configuration-section.js';
import { curvesSection, frontsSection, trainingsSection } from './overlaid-sections.js';
import { missingSection, runsSection } from './runs-section.js';

/** Several runs on one page that needs nothing else, made of the parts of a run's own. */
export function comparisonPage(comparison: RunsComparison): string {
  const runs: ComparedData[] = comparison.runs.map((run, index) => ({
    ...{ run, colour: `run-${(index % 8) + 1}` },
    data: { ...readRunData(run.folder, run.summary, run.complete), name: run.name },
  }));
  return wholePage(
    { title: `${comparison.runs.length} runs side by side` },
    header(comparison),
    runsSection(comparison, runs),
    missingSection(comparison),
    configurationSection(comparison),
    architecturesSection(runs),
    trainingsSection(runs),
    frontsSection(runs),
    curvesSection(runs),
  );
}

function header({ runs, differences }: RunsComparison): Markup {
  const [first] = runs;
  const networks = runs.flatMap(({ network }) => network ?? []);
  const words = differences.flatMap((found) => {
    if (found.unknown !== undefined) return [];
    const from = `that of ${found.against}`;
    return [`${found.run}: ${differenceWords(found, { from, by: imagesText(found.images) })}.`];
  });
  return tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, `each against the first, ${first!.name}`),
    tag('h1', {}, `${runs.length} runs side by side`),
    words.length > 0 &&
      tag(
        'p',
        { class: 'lead' },
        `${capitalised(accuracyName(networks))}. ${words.slice(0, MOST).join(' ')}`,
      ),
  );
}

/** Sentences of the lead; the table has all. */
const MOST = 4;
