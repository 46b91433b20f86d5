import type { Estimate } from 'dna-nas/accuracy';
import { grouped } from 'dna-nas/errors';
import {
  type Difference,
  formatPoints,
  formatPointsInterval,
  isAgreement,
  isShown,
} from 'dna-nas/run-tools/words';
import type { AblationEffect } from './effects.js';
import type { AblationRow } from './rows.js';

interface Column {
  readonly title: string;
  readonly cell: (row: AblationRow) => string;
}

const percent = (digits: number) => (value: number) => (100 * value).toFixed(digits);
const whole = (value: number) => grouped(Math.round(value));

function show(found: Estimate | null, format: (value: number) => string): string {
  if (!found) return '–';
  return format(found.mean) + (found.half === null ? '' : ` ± ${format(found.half)}`);
}

/** A difference of top-1 with its interval; one that holds zero is none, and a single pair tells of no spread. */
function showDifference(found: Estimate | null): string {
  if (!found) return '–';
  const { mean, half } = found;
  if (half === null) return `${formatPoints(mean)}, spread unknown`;
  const difference: Difference = { difference: mean, interval: [mean - half, mean + half] };
  const range = formatPointsInterval(difference.interval);
  return isShown(difference)
    ? `${formatPoints(mean)} (${range})`
    : `none shown (${formatPoints(mean)}, ${range})`;
}

const COLUMNS: readonly Column[] = [
  { title: 'seeds', cell: ({ seeds }) => String(seeds.length) },
  { title: 'rating', cell: ({ measures }) => show(measures.rating, (value) => value.toFixed(3)) },
  { title: 'top-1, %', cell: ({ measures }) => show(measures.top1, percent(2)) },
  { title: 'against the first row, points', cell: ({ difference }) => showDifference(difference) },
  { title: 'random network, %', cell: ({ measures }) => show(measures.randomTop1, percent(2)) },
  { title: 'parameters', cell: ({ measures }) => show(measures.params, whole) },
  { title: 'multiply-adds', cell: ({ measures }) => show(measures.macs, whole) },
  { title: 'seconds', cell: ({ measures }) => show(measures.seconds, whole) },
];

/** What the tables are made of. */
export interface TableData {
  readonly axes: readonly string[];
  readonly rows: readonly AblationRow[];
  readonly effects: readonly AblationEffect[];
}

/**
 * Rows and effects as Markdown tables: means with ± half of the 95 % interval, differences with the interval itself, and
 * below them what the intervals are of.
 */
export function markdownTables({ axes, rows, effects }: TableData): string {
  const main = markdown([
    [...axes, ...COLUMNS.map(({ title }) => title)],
    [...axes.map(() => '---'), ...COLUMNS.map(() => '---:')],
    ...rows.map((row) => [...axes.map((axis) => row.levels[axis]!), ...COLUMNS.map(({ cell }) => cell(row))]),
  ]);
  const tables = effects.length > 0 ? [main, effectsTable(effects)] : [main];
  return [...tables, notes(rows)].join('\n');
}

function effectsTable(effects: readonly AblationEffect[]): string {
  return markdown([
    ['axis', 'level', 'against', 'pairs of runs', 'top-1, points'],
    ['---', '---', '---', '---:', '---:'],
    ...effects.map(({ axis, level, against, difference }) => {
      const pairs = String(difference.values.length);
      return [axis, level, against, pairs, showDifference(difference)];
    }),
  ]);
}

/** What the intervals tell of, and what they do not. */
function notes(rows: readonly AblationRow[]): string {
  const isAlone = rows.every(({ seeds }) => seeds.length === 1);
  const alone = 'Each row is one run: how far another seed would move it is not known.';
  const among =
    'Intervals are 95 %, by Student’s t over the seeds, of an axis over its pairs of runs; one that holds zero shows no difference.';
  const images = 'All runs are tested on the same images, whose choice no interval tells of.';
  const answers = isAgreement(rows) ? ' The data have no labels: top-1 is agreement with the teacher.' : '';
  return `${isAlone ? `${alone} ` : ''}${among} ${images}${answers}\n`;
}

function markdown(lines: readonly (readonly string[])[]): string {
  return `${lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}\n`;
}

/** The rows as CSV, numbers in full: each measure's mean, half width of its interval, and values by seed. */
export function csvTable(axes: readonly string[], rows: readonly AblationRow[]): string {
  const names = Object.keys(rows[0]?.measures ?? {});
  const parts = (name: string) => [name, `${name} half width`, `${name} by seed`];
  const lines = [
    [...axes, 'seeds', ...names.flatMap(parts), ...parts('difference')],
    ...rows.map(({ levels, seeds, measures, difference }) => [
      ...axes.map((axis) => levels[axis]!),
      seeds.join(' '),
      ...[...Object.values(measures), difference].flatMap((found) =>
        found ? [String(found.mean), String(found.half ?? ''), found.values.join(' ')] : ['', '', ''],
      ),
    ]),
  ];
  return `${lines.map((cells) => cells.map(quoted).join(',')).join('\n')}\n`;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
