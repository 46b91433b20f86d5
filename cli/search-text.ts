import { showCount } from 'dna-nas/core/space';
import type { SearchProof } from 'dna-nas/core/stages';
import { counted, grouped } from 'dna-nas/errors';
import type { ListedNetwork, RunSearch } from 'dna-nas/run-tools';
import { formatTable } from './table.js';

/** One figure of each network that is listed. */
export interface Column {
  readonly name: string;
  read(network: ListedNetwork): number;
}

/** Rating, every cost of the space, depth. */
export function columnsOf({ costNames }: RunSearch): Column[] {
  return [
    { name: 'rating', read: ({ rating }) => rating },
    ...costNames.map((name) => ({ name, read: ({ costs }: ListedNetwork) => costs[name]! })),
    { name: 'depth', read: ({ depth }) => depth },
  ];
}

export interface SearchTextOptions {
  /** Limits that the command line gave; the others are the run's own. */
  readonly given: Readonly<Record<string, number>>;
  /** What the front is of, if it was asked for. */
  readonly front: readonly string[] | undefined;
  /** The command that trains the best network. */
  readonly retrain: string;
  /** Width of a line on the screen. @default 80 */
  readonly width?: number;
}

/** What a search answered, as people read it. */
export function searchText(answer: RunSearch, options: SearchTextOptions): string {
  const { run, networks, limits, top, best, proof, front } = answer;
  const all = front ?? top;
  const listed = evenly(all, front ? MOST_OF_FRONT : all.length);
  const decimals = decimalsFor([best, ...listed.map(([, network]) => network)]);
  const figures = columnsOf(answer).map((column) => `${column.name} ${figure(column, best, decimals)}`);
  const heading = options.front ? frontHeading(options.front, [all.length, listed.length]) : topHeading(all);
  return [
    `${run}: ${networks < 1e6 ? grouped(networks) : showCount(networks)} networks, ${limitsText(limits, options.given)}.`,
    `Best: ${figures.join(', ')}\n  ${best.text}`,
    proofText(proof, { decimals, limited: Object.keys(limits).length > 0 }),
    `${heading}\n${listText(answer, { listed, decimals, width: options.width ?? 80 })}`,
    `To train the best:\n  ${options.retrain}`,
  ].join('\n\n');
}

interface ProofStyle {
  readonly decimals: number;
  readonly limited: boolean;
}

function proofText({ bound, gap, text }: SearchProof, { decimals, limited }: ProofStyle): string {
  const where = limited ? 'within the limits' : 'of the space';
  return `${gap === 0 ? 'Proven' : 'Known'}: no network ${where} is rated below ${bound.toFixed(decimals)} (gap ${gap}).\n  ${text}`;
}

function limitsText(limits: RunSearch['limits'], given: Readonly<Record<string, number>>): string {
  const parts = Object.entries(limits).map(
    ([name, limit]) => `${name} ≤ ${grouped(limit)}${Object.hasOwn(given, name) ? '' : " (the run's own)"}`,
  );
  return parts.length === 0 ? 'no limits' : parts.join(', ');
}

function topHeading({ length }: readonly ListedNetwork[]): string {
  return length === 1 ? 'The best network:' : `The ${length} best networks:`;
}

/** More rows are not read. */
const MOST_OF_FRONT = 20;

function frontHeading(names: readonly string[], [all, shown]: readonly [number, number]): string {
  const what = `The front of ${names.slice(0, -1).join(', ')} and ${names.at(-1)}, ${counted(all, 'network')}`;
  return shown < all ? `${what}, ${shown} of them evenly spread (--csv or --json for all):` : `${what}:`;
}

/** At most `most` of them, the first and the last included, each with its rank. */
function evenly(networks: readonly ListedNetwork[], most: number): [rank: number, network: ListedNetwork][] {
  const shown = Math.min(networks.length, most);
  return Array.from({ length: shown }, (_, index) => {
    const place = shown < 2 ? 0 : Math.round((index * (networks.length - 1)) / (shown - 1));
    return [place + 1, networks[place]!];
  });
}

interface ListRequest {
  readonly listed: readonly (readonly [rank: number, network: ListedNetwork])[];
  readonly decimals: number;
  readonly width: number;
}

/** A row a network; its text behind the figures where all rows fit, else below them. */
function listText(answer: RunSearch, { listed, decimals, width }: ListRequest): string {
  const columns = columnsOf(answer);
  const rows = [
    ['rank', ...columns.map(({ name }) => name)],
    ...listed.map(([rank, network]) => [
      String(rank),
      ...columns.map((column) => figure(column, network, decimals)),
    ]),
  ];
  const [head = '', ...lines] = formatTable(alignRight(rows)).split('\n');
  const texts = listed.map(([, { text }]) => text);
  const fits = texts.every((text) => head.length + 2 + text.length <= width);
  if (fits)
    return [`${head}  architecture`, ...lines.map((line, row) => `${line}  ${texts[row]}`)].join('\n');
  const indent = ' '.repeat(rows[0]![0]!.length + 2);
  return [head, ...lines.flatMap((line, row) => [line, `${indent}${texts[row]}`])].join('\n');
}

function alignRight(rows: readonly (readonly string[])[]): string[][] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column]!)));
}

function figure({ name, read }: Column, network: ListedNetwork, decimals: number): string {
  const value = read(network);
  return name === 'rating' ? value.toFixed(decimals) : grouped(value);
}

const DECIMALS = { least: 4, most: 9 };

/** As many decimals as tell the ratings apart. */
function decimalsFor(networks: readonly ListedNetwork[]): number {
  const different = (decimals: number) =>
    new Set(networks.map(({ rating }) => rating.toFixed(decimals))).size;
  const all = new Set(networks.map(({ rating }) => rating)).size;
  let decimals = DECIMALS.least;
  while (decimals < DECIMALS.most && different(decimals) < all) decimals++;
  return decimals;
}
