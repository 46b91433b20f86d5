import { missingColumn, wrongValue } from '../errors.js';
import type { Table } from './read-csv.js';

/** What a column holds, for checks and messages. */
export interface Kind {
  readonly expected: string;
  holds(value: number): boolean;
}

export const ANY: Kind = { expected: 'a number', holds: () => true };
export const COUNT: Kind = { expected: 'a number from 0', holds: (value) => value >= 0 };

/** Names of columns with a number in them, rising by it: `accuracy_2` before `accuracy_10`. */
export function numbered(columns: readonly string[], pattern: RegExp): string[] {
  const numberOf = (name: string) => Number(pattern.exec(name)![1]);
  return columns.filter((name) => pattern.test(name)).sort((one, other) => numberOf(one) - numberOf(other));
}

/** A column's cells; undefined where it is absent, or empty from top to bottom. */
export function cellsOf({ columns, rows }: Table, name: string): string[] | undefined {
  const column = columns.indexOf(name);
  if (column < 0) return undefined;
  const cells = rows.map(({ cells }) => cells[column]!);
  return cells.some((cell) => cell !== '') ? cells : undefined;
}

/**
 * A column of numbers; undefined as above.
 * @throws DnaError `TABLE_VALUE` with the first line whose cell is none, or not of the kind.
 */
export function numbersOf(table: Table, name: string, kind: Kind = ANY): Float64Array | undefined {
  const cells = cellsOf(table, name);
  return cells && Float64Array.from(cells, (cell, row) => readNumber(table, cell, { name, row, kind }));
}

/** @throws DnaError `TABLE_COLUMN` where there is no such column, or an empty one. */
export function requireNumbers(table: Table, name: string, kind: Kind = ANY): Float64Array {
  return numbersOf(table, name, kind) ?? missing(table, name);
}

export function missing({ path, columns }: Table, name: string): never {
  throw missingColumn(path, name, columns);
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function readNumber(
  { path, rows }: Table,
  cell: string,
  { name, row, kind }: { name: string; row: number; kind: Kind },
): number {
  const value = NUMBER.test(cell) ? Number(cell) : Number.NaN;
  if (Number.isFinite(value) && kind.holds(value)) return value;
  const found = cell === '' ? 'empty' : JSON.stringify(cell);
  throw wrongValue(path, { line: rows[row]!.line, problem: `${name} is ${found}`, expected: kind.expected });
}
