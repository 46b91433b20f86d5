import type { ComparedRun, ConfigurationDifference, Json, RunDifference, RunsComparison } from 'dna-nas/core';
import { grouped } from 'dna-nas/errors';
import {
  accuracyName,
  formatPoints,
  formatPointsInterval,
  isAgreement,
  isShown,
} from 'dna-nas/run-tools/words';
import { formatTable } from './table.js';

/** A comparison as people read it. */
export function comparisonText(comparison: RunsComparison): string {
  const parts = [
    formatTable(runRows(comparison)),
    notes(comparison),
    configurationText(comparison),
    architecturesText(comparison),
    lossesText(comparison),
    missingText(comparison),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const NONE = '–';
const count = (value: number | undefined) => (value === undefined ? NONE : grouped(Math.round(value)));

function runRows({ runs, differences }: RunsComparison): string[][] {
  const networks = runs.flatMap(({ network }) => network ?? []);
  const costs = [
    ...new Set(runs.flatMap(({ costs, network }) => Object.keys(costs ?? (network ? SIZES : {})))),
  ];
  const head = [
    'run',
    'state',
    'preset',
    'seed',
    'rating',
    ...costs,
    `${isAgreement(networks) ? accuracyName(networks) : 'top-1'}, %`,
    'against the first, points',
    'time',
  ];
  return [
    head,
    ...runs.map((run) => [
      run.name,
      stateOf(run),
      run.summary.preset ?? NONE,
      String(run.summary.seed),
      run.summary.rating?.toFixed(4) ?? NONE,
      ...costs.map((name) => count(run.costs?.[name] ?? sizeOf(run, name))),
      accuracyOf(run),
      differenceText(differences.find((one) => one.run === run.name)),
      timeText(run.summary.seconds),
    ]),
  ];
}

const SIZES = { macs: 0, params: 0 };

/** Of a network that was given, and not searched. */
function sizeOf({ network }: ComparedRun, name: string): number | undefined {
  return network && Object.hasOwn(SIZES, name) ? network[name as keyof typeof SIZES] : undefined;
}

function stateOf({ complete, summary }: ComparedRun): string {
  return complete ? 'complete' : `after ${Object.keys(summary.stages).at(-1) ?? 'nothing'}`;
}

function accuracyOf({ network }: ComparedRun): string {
  if (!network) return NONE;
  const interval = network.intervals?.top1.map((end) => (100 * end).toFixed(2)).join('–');
  return `${(100 * network.top1).toFixed(2)}${interval ? ` (${interval})` : ''}`;
}

function differenceText(found: RunDifference | undefined): string {
  if (!found || found.unknown !== undefined) return NONE;
  const range = `(${formatPointsInterval(found.interval)})`;
  return `${isShown(found) ? '' : 'none shown, '}${formatPoints(found.difference)} ${range}`;
}

function timeText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${two(Math.floor(seconds % 60))}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(Math.floor(seconds % 60))}`;
}

function notes({ differences }: RunsComparison): string {
  const isKnown = differences.some(({ unknown }) => unknown === undefined);
  return isKnown
    ? 'Differences are counted image by image; their 95 % intervals tell of the images alone, not of another seed.'
    : '';
}

/** Options that are listed; all are in the data. */
const MOST_OPTIONS = 40;
/** Characters of a value. */
const MOST_VALUE = 28;

function configurationText({ runs, configuration }: RunsComparison): string {
  if (configuration.length === 0) return 'The configurations are the same.';
  const shown = configuration.slice(0, MOST_OPTIONS);
  const more = configuration.length - shown.length;
  const rows = [
    ['  option', ...runs.map(({ name }) => name)],
    ...shown.map(({ path, values }) => [`  ${path}`, ...runs.map(({ name }) => valueText(values, name))]),
  ];
  return [
    'Configuration, where it differs:',
    formatTable(rows),
    ...(more > 0 ? [`  and ${more} more: --json, or --page FILE`] : []),
  ].join('\n');
}

function valueText(values: ConfigurationDifference['values'], run: string): string {
  if (!Object.hasOwn(values, run)) return 'absent';
  const value: Json = values[run]!;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > MOST_VALUE ? `${text.slice(0, MOST_VALUE - 1)}…` : text;
}

function architecturesText({ runs }: RunsComparison): string {
  const most = Math.max(0, ...runs.map(({ blocks }) => blocks?.length ?? 0));
  if (most === 0) return '';
  const rows = Array.from({ length: most }, (_, block) => block).flatMap((block) =>
    runs.flatMap(({ name, blocks }) => {
      const choice = blocks?.[block];
      if (!choice) return [];
      const channels = choice.channels === undefined ? '' : `, ${choice.channels} channels`;
      return [[`  block ${block + 1}`, name, `cell ${choice.cell + 1}${channels}`, choice.layers.join(' ')]];
    }),
  );
  return `Architectures that were found:\n${formatTable(rows)}`;
}

/** Of each block, the cell that was found, or the one of the least loss. */
function lossesText({ runs }: RunsComparison): string {
  const blocks = [...new Set(runs.flatMap(({ losses }) => losses.map(({ block }) => block)))].sort(
    (a, b) => a - b,
  );
  if (blocks.length === 0) return '';
  const rows = blocks.flatMap((block) =>
    runs.flatMap((run) => {
      const own = run.losses.filter((one) => one.block === block);
      const shown =
        own.find(({ cell }) => cell === run.blocks?.[block]?.cell) ??
        [...own].sort((one, other) => one.last - other.last)[0];
      if (!shown) return [];
      const fall = `${shown.first.toPrecision(4)} → ${shown.last.toPrecision(4)}`;
      return [
        [`  block ${block + 1}`, run.name, `cell ${shown.cell + 1}`, fall, `${count(shown.steps)} steps`],
      ];
    }),
  );
  return `Losses of the cells that were found, or of the least loss before there are any:\n${formatTable(rows)}`;
}

function missingText({ runs, differences }: RunsComparison): string {
  const ofRuns = runs.flatMap(({ name, missing }) => missing.map((text) => `  ${name} ${text}.`));
  const ofPairs = differences.flatMap(({ run, against, unknown }) =>
    unknown === undefined ? [] : [`  ${run} against ${against}: the difference is not known, ${unknown}.`],
  );
  const all = [...ofRuns, ...ofPairs];
  return all.length === 0 ? '' : ['Missing:', ...all].join('\n');
}
