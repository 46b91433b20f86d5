import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, relative } from 'node:path';
import { nodeFiles, type RunFinished, type RunSummary, type SearchResult } from 'dna-nas/core';
import { formatCount, formatDuration, formatMagnitude, formatRating, oneLine } from './format.js';

const HEADINGS = ['network', 'parameters', 'multiply-adds', 'test accuracy', 'rating'];

/**
 * What a finished run came to: a table of its networks, the architecture, where it lies and what to do next. The
 * random network's rating is read from the run folder, if it is there.
 */
export function formatResult({ summary, folder }: RunFinished): string {
  const place = shortPath(folder);
  const how = `${formatDuration(summary.seconds)}, ${summary.backend}, seed ${summary.seed}`;
  return [
    '',
    ...(summary.warnings ?? []).flatMap((warning) => [`WARNING  ${oneLine(warning)}`, '']),
    ...formatTable(summary, randomRating(folder)),
    '',
    `architecture  ${oneLine(summary.architecture)}`,
    `run folder    ${oneLine(`${place}  (${how})`)}`,
    '',
    'Next:',
    ...nextSteps({ summary, folder }).map(([step, what]) => `  ${oneLine(step)}\n      ${what}`),
    '',
  ].join('\n');
}

/** What there is to open, and the command for a second opinion. */
function nextSteps({ summary, folder }: RunFinished): (readonly [step: string, what: string])[] {
  const offers = [
    ['report.html', 'the same with pictures, for a browser'],
    [join('results', 'retrain-found.safetensors'), 'the weights of the found network'],
  ] as const;
  const there = offers
    .map(([file, what]) => [join(shortPath(folder), file), what] as const)
    .filter(([file]) => existsSync(file));
  const preset = summary.preset === null ? '' : ` --preset ${summary.preset}`;
  const seed = summary.seed + 1;
  const again = `dna run${preset} --set seed=${seed} --set name=${basename(folder)}-seed-${seed}`;
  return [...there, [again, 'the same search with another seed']];
}

function formatTable(summary: RunSummary, ofRandom: number | undefined): string[] {
  const ratings: Record<string, number | undefined> = { found: summary.rating, random: ofRandom };
  const rows = summary.networks.map(({ name, params, macs, top1 }) => {
    const rating = ratings[name];
    return [
      oneLine(name),
      formatCount(params),
      formatMagnitude(macs),
      `${(100 * top1).toFixed(2)} %`,
      rating === undefined ? '–' : formatRating(rating),
    ];
  });
  const widths = HEADINGS.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  return [line(HEADINGS), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)];
}

function randomRating(folder: string): number | undefined {
  try {
    const text = new TextDecoder().decode(nodeFiles.readFile(join(folder, 'search.json')));
    const rating: unknown = (JSON.parse(text) as Partial<SearchResult>).random?.rating;
    return typeof rating === 'number' ? rating : undefined;
  } catch {
    // A summary without a search, made by a plugin: the table does without.
    return undefined;
  }
}

/** From the current folder, for folders below it. */
function shortPath(folder: string): string {
  const path = relative(process.cwd(), folder);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? folder : path;
}
