import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { counted } from 'dna-nas/errors';
import { columnTwice, unreadableTable, wrongValue } from '../errors.js';

/** A CSV file (RFC 4180): column names, then rows. Cells are texts without the spaces around them. */
export interface Table {
  /** As it was given. */
  readonly path: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export interface Row {
  /** Line of the file where it ends, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Reads a table; lines that begin with `#` are comments, empty lines are passed over.
 * @throws DnaError `TABLE_UNREADABLE`, `TABLE_COLUMN` where a name stands twice, `TABLE_VALUE` where a row has more or
 * fewer cells than there are columns.
 */
export function readTable(path: string): Table {
  const [header, ...rows] = readRows(path);
  if (!header) throw unreadableTable(path, 'it is empty');
  const columns = header.cells;
  if (rows.length === 0) throw unreadableTable(path, 'it has column names, and no row');
  const twice = columns.find((name, index) => columns.indexOf(name) < index);
  if (twice !== undefined) throw columnTwice(path, twice);
  for (const { line, cells } of rows) {
    if (cells.length === columns.length) continue;
    const problem = `it has ${counted(cells.length, 'cell')}`;
    const expected = `one for each of the ${columns.length} columns`;
    throw wrongValue(path, { line, problem, expected });
  }
  return { path, columns, rows };
}

const OPTIONS = {
  bom: true,
  comment: '#',
  comment_no_infix: true,
  skip_empty_lines: true,
  trim: true,
  relax_column_count: true,
  info: true,
} as const;

function readRows(path: string): Row[] {
  try {
    const records = parse(readFileSync(path), OPTIONS) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    throw unreadableTable(path, error instanceof CsvError ? error.message : error);
  }
}
