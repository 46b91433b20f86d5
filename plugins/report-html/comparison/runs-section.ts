import type { ComparedRun, RunDifference, RunsComparison } from 'dna-nas/core';
import { accuracyName, formatPoints, formatPointsInterval } from 'dna-nas/run-tools/words';
import { type Markup, tag } from '../markup.js';
import { capitalised, costName, count, duration, percent, rating } from '../numbers.js';
import type { ComparedData } from './compared-data.js';

type Column = readonly [heading: string, cell: (run: ComparedRun) => string];

/** A row a run: what it is, what it found, and how far from the first. */
export function runsSection({ differences }: RunsComparison, runs: readonly ComparedData[]): Markup {
  const columns = columnsOf(
    runs.map(({ run }) => run),
    differences,
  );
  const head = ['Run', ...columns.map(([heading]) => heading)].map((heading) =>
    tag('th', { scope: 'col' }, heading),
  );
  const rows = runs.map(({ run, colour }) =>
    tag(
      'tr',
      {},
      tag('th', { scope: 'row' }, tag('span', { class: `swatch ${colour}` }), run.name),
      columns.map(([, cell]) => tag('td', {}, cell(run))),
    ),
  );
  return tag(
    'section',
    { 'aria-labelledby': 'runs' },
    tag('h2', { id: 'runs' }, 'Runs'),
    tag(
      'p',
      {},
      'Ratings can be compared where teacher, blocks and rating are the same. Differences of accuracies are counted image by image and have 95 % intervals: one that holds zero shows none. They tell of the images alone, not of another seed.',
    ),
    tag(
      'div',
      { class: 'scroll' },
      tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, rows)),
    ),
  );
}

function columnsOf(runs: readonly ComparedRun[], differences: readonly RunDifference[]): Column[] {
  const names = [...new Set(runs.flatMap(({ costs }) => Object.keys(costs ?? {})))];
  const differ = (value: (run: ComparedRun) => unknown) => new Set(runs.map(value)).size > 1;
  const state: Column = ['State', (run) => (run.complete ? 'complete' : `after ${lastStage(run)}`)];
  const preset: Column = ['Preset', ({ summary }) => summary.preset ?? '–'];
  const seed: Column = ['Seed', ({ summary }) => String(summary.seed)];
  const against = (run: ComparedRun) => pointsText(differences.find((one) => one.run === run.name));
  return [
    ...(runs.every(({ complete }) => complete) ? [] : [state]),
    ...(differ(({ summary }) => summary.preset) ? [preset] : []),
    ...(differ(({ summary }) => summary.seed) ? [seed] : []),
    ['Rating', ({ summary }) => (typeof summary.rating === 'number' ? rating(summary.rating) : '–')],
    ...names.map(
      (name): Column => [capitalised(costName(name)), ({ costs }) => optional(costs?.[name], count)],
    ),
    [capitalised(accuracyName(runs.flatMap(({ network }) => network ?? []))), accuracyText],
    [`Against ${runs[0]!.name}, points`, against],
    ['Time', ({ summary }) => duration(summary.seconds)],
  ];
}

function lastStage({ summary }: ComparedRun): string {
  return Object.keys(summary.stages).at(-1) ?? 'nothing';
}

function optional(value: number | undefined, words: (value: number) => string): string {
  return value === undefined ? '–' : words(value);
}

function accuracyText({ network }: ComparedRun): string {
  if (!network) return '–';
  const ends = network.intervals?.top1.map((end) => (100 * end).toFixed(2));
  return percent(network.top1) + (ends ? ` (${ends.join('–')})` : '');
}

function pointsText(found: RunDifference | undefined): string {
  if (!found || found.unknown !== undefined) return '–';
  return `${formatPoints(found.difference)} (${formatPointsInterval(found.interval)})`;
}

/** What could not be compared, and why. */
export function missingSection({ runs, differences }: RunsComparison): Markup | undefined {
  const texts = [
    ...runs.flatMap(({ name, missing }) => missing.map((text) => `${name} ${text}.`)),
    ...differences.flatMap(({ run, against, unknown }) =>
      unknown === undefined ? [] : [`${run} against ${against}: the difference is not known, ${unknown}.`],
    ),
  ];
  if (texts.length === 0) return undefined;
  return tag(
    'section',
    { 'aria-labelledby': 'missing' },
    tag('h2', { id: 'missing' }, 'What is missing'),
    tag(
      'ul',
      {},
      texts.map((text) => tag('li', {}, text)),
    ),
  );
}
