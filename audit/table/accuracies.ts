import { wrongValue } from '../errors.js';
import { meanOf } from '../statistics/index.js';
import { missing, numbered, numbersOf } from './columns.js';
import type { Table } from './read-csv.js';

/** What networks reached, in the order of the table's rows. */
export interface Accuracies {
  /** Share of images, 0 to 1. */
  readonly accuracy: Float64Array;
  /** The same by training seed; empty where the table tells none. */
  readonly seeds: readonly Float64Array[];
}

/** `accuracy_1`, `accuracy_2`, … */
export const SEED_COLUMN = /^accuracy_(\d+)$/;

/** A mean is written rounded: this far, in shares, it may lie beside its seeds. */
const ROUNDING = 5e-4;

/**
 * The column `accuracy`, or the mean of `accuracy_1`, `accuracy_2`, …, and those themselves. They are percent where
 * the greatest of them is above 1, else shares.
 * @throws DnaError `TABLE_COLUMN`, `TABLE_VALUE`.
 */
export function readAccuracies(table: Table): Accuracies {
  const names = numbered(table.columns, SEED_COLUMN);
  const seeds = names.flatMap((name) => numbersOf(table, name) ?? []);
  const told = numbersOf(table, 'accuracy');
  if (!told && seeds.length === 0) missing(table, 'accuracy');
  const all: [string, Float64Array][] = seeds.map((values, index) => [names[index]!, values]);
  if (told) all.push(['accuracy', told]);
  const unit = unitOf(all);
  for (const [name, values] of all) requireRange(table, name, { values, unit });
  const accuracy = told ?? seeds[0]!.map((_, row) => meanOf(seeds, row));
  const toShare = (values: Float64Array) => values.map((value) => value / unit);
  const shares = { accuracy: toShare(accuracy), seeds: seeds.map(toShare) };
  requireAgreement(table, shares);
  return shares;
}

/** 100 where they are percent, 1 where they are shares. */
function unitOf(columns: readonly [string, Float64Array][]): 1 | 100 {
  return columns.some(([, values]) => values.some((value) => value > 1)) ? 100 : 1;
}

function requireRange(
  { path, rows }: Table,
  name: string,
  { values, unit }: { values: Float64Array; unit: number },
): void {
  const row = values.findIndex((value) => value < 0 || value > unit);
  if (row < 0) return;
  const expected = unit === 1 ? 'a share from 0 to 1' : 'a percentage from 0 to 100';
  throw wrongValue(path, { line: rows[row]!.line, problem: `${name} is ${values[row]}`, expected });
}

/** An accuracy beside those of its seeds is in another unit, or of another network. */
function requireAgreement({ path, rows }: Table, { accuracy, seeds }: Accuracies): void {
  if (seeds.length === 0) return;
  accuracy.forEach((value, row) => {
    const own = seeds.map((seed) => seed[row]!);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    if (value >= low - ROUNDING && value <= high + ROUNDING) return;
    const shown = (share: number) => `${Number((100 * share).toFixed(3))} %`;
    throw wrongValue(path, {
      line: rows[row]!.line,
      problem: `accuracy is ${shown(value)}`,
      expected: `one between those of its seeds, ${shown(low)} and ${shown(high)},`,
    });
  });
}

/** Names of the columns that are read, of those that a table has. */
export function isAccuracyColumn(name: string): boolean {
  return name === 'accuracy' || SEED_COLUMN.test(name);
}
