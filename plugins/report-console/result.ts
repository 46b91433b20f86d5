import { existsSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import type { RunFinished } from 'dna-nas/core';
import type { NetworkResult, RunSummary, SearchResult } from 'dna-nas/core/stages';
import { nodeFiles } from 'dna-nas/files';
import {
  accuracyName,
  differenceWords,
  imagesText,
  isRandomName,
  randomRatings,
  standingWords,
  tellsTop5,
} from 'dna-nas/run-tools/words';
import {
  formatAccuracy,
  formatCount,
  formatDuration,
  formatMagnitude,
  formatRating,
  oneLine,
} from './format.js';

/**
 * What a finished run came to: a table of its networks, the architecture, where it lies and what to do next. The
 * random networks' ratings are read from the run folder, if they are there.
 */
export function formatResult({ summary, folder }: RunFinished): string {
  const place = shortPath(folder);
  const how = `${formatDuration(summary.seconds)}, ${summary.backend}, seed ${summary.seed}`;
  return [
    '',
    ...(summary.warnings ?? []).flatMap((warning) => [`WARNING  ${oneLine(warning)}`, '']),
    ...formatTable(summary, ratingsOfRandom(folder)),
    ...differences(summary),
    '',
    `architecture  ${oneLine(summary.architecture)}`,
    `run folder    ${oneLine(`${place}  (${how})`)}`,
    '',
    'Next:',
    ...nextSteps({ summary, folder }).map(([step, what]) => `  ${oneLine(step)}\n      ${what}`),
    '',
  ].join('\n');
}

/** A line for each network that the found one was compared with. */
function differences({ comparisons = [], standing }: RunSummary): string[] {
  const lines = comparisons.map((compared) => {
    const { network, against, images } = compared;
    return oneLine(`${network}: ${differenceWords(compared, { from: against, by: imagesText(images) })}`);
  });
  const among = standing ? [oneLine(`${standing.network}: ${standingWords(standing)}`)] : [];
  return lines.length > 0 ? ['', ...lines, ...among] : [];
}

/** What there is to open, and the command for a second opinion. */
function nextSteps({ summary, folder }: RunFinished): (readonly [step: string, what: string])[] {
  const offers = [
    ['report.html', 'the same with pictures, for a browser'],
    ['truth.csv', 'what each network reached, a row each'],
    ...(summary.networks.length > MOST_ROWS ? [] : summary.networks)
      .filter(({ name }) => !isRandomName(name))
      .map(({ name }) => [join('results', `retrain-${name}.safetensors`), weightsOf(name)] as const),
  ] as const;
  const there = offers
    .map(([file, what]) => [join(shortPath(folder), file), what] as const)
    .filter(([file]) => existsSync(file));
  const place = shortPath(folder);
  const names = summary.networks.map(({ name }) => name);
  if (names.includes('found') || names.includes('given'))
    there.push([`dna export ${place}`, 'the network as an ONNX model, for other programs']);
  // Without a rating there was no search to be repeated.
  if (summary.rating === null) return there;
  there.push([`dna search ${place}`, 'the best networks of this search; under other limits by --max']);
  const again = `dna run --from ${place} --set seed=${summary.seed + 1}`;
  return [...there, [again, 'the same search with another seed']];
}

function weightsOf(name: string): string {
  return name === 'found' || name === 'given'
    ? `the weights of the ${name} network`
    : `the weights of ${name}`;
}

/** One column of the table: its heading, and what it says of a network. */
type Column = readonly [heading: string, cell: (network: NetworkResult) => string];

function columns(summary: RunSummary, ofRandom: Readonly<Record<string, number>>): Column[] {
  const ratings: Record<string, number | undefined> = {
    found: summary.rating ?? undefined,
    ...ofRandom,
  };
  const top5: Column = [
    'top-5',
    (network) => (network.top5 === undefined ? '–' : formatAccuracy(network.top5)),
  ];
  const balanced: Column = [
    'balanced',
    (network) => (network.balanced === undefined ? '–' : formatAccuracy(network.balanced)),
  ];
  const rating: Column = [
    'rating',
    ({ name }) => (ratings[name] === undefined ? '–' : formatRating(ratings[name])),
  ];
  return [
    ['network', ({ name }) => oneLine(name)],
    ['parameters', ({ params }) => formatCount(params)],
    ['multiply-adds', ({ macs }) => formatMagnitude(macs)],
    [accuracyName(summary.networks), ({ top1, intervals }) => formatAccuracy(top1, intervals?.top1)],
    ...(summary.networks.some((network) => network.balanced !== undefined) ? [balanced] : []),
    ...(tellsTop5(summary.networks) ? [top5] : []),
    ...(summary.rating === null ? [] : [rating]),
  ];
}

/** Of more networks the best and the worst are shown. */
const MOST_ROWS = 12;
const ENDS = 4;

/** The networks to show, in their order; of many the ends, best first. */
function shownNetworks({ networks }: RunSummary): readonly (NetworkResult | 'others')[] {
  if (networks.length <= MOST_ROWS) return networks;
  const sorted = [...networks].sort((one, other) => other.top1 - one.top1);
  return [...sorted.slice(0, ENDS), 'others', ...sorted.slice(-ENDS)];
}

function formatTable(summary: RunSummary, ofRandom: Readonly<Record<string, number>>): string[] {
  const shown = columns(summary, ofRandom);
  const headings = shown.map(([heading]) => heading);
  const others = `… ${summary.networks.length - 2 * ENDS} others`;
  const rows = shownNetworks(summary).map((network) =>
    shown.map(([, cell], column) => {
      if (network !== 'others') return cell(network);
      return column === 0 ? others : '';
    }),
  );
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return [line(headings), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)];
}

/** By the networks' names. */
function ratingsOfRandom(folder: string): Record<string, number> {
  try {
    const text = new TextDecoder().decode(nodeFiles.readFile(join(folder, 'search.json')));
    return randomRatings(JSON.parse(text) as SearchResult);
  } catch {
    // A summary without a search, made by a plugin: the table does without.
    return {};
  }
}

/** From the current folder, for folders below it. */
function shortPath(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? folder : path;
}
