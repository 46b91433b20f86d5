import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { quoteShort } from 'dna-nas/archives';
import { listInvalid } from '../errors.js';

/** One row of a list: texts by column. */
export interface ListRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

const require = createRequire(import.meta.url);

/** What each kind of list is read by, by the extension of its name. */
const READERS: Readonly<Record<string, (text: string, file: string) => ListRow[]>> = {
  '.csv': (text, file) => rowsOfTable(text, ',', file),
  '.tsv': (text, file) => rowsOfTable(text, '\t', file),
  '.jsonl': rowsOfJsonLines,
  '.ndjson': rowsOfJsonLines,
};

/** Whether a file is a list of images, by its name. */
export function isListName(name: string): boolean {
  return Object.hasOwn(READERS, extname(name).toLowerCase());
}

/** Reads a CSV, TSV or JSON-lines file. `shown` stands in messages. @throws DnaError `DATA_LIST` */
export function readRows(file: string, shown: string): ListRow[] {
  const read = READERS[extname(file).toLowerCase()]!;
  const rows = read(readText(file, shown).replace(/^\uFEFF/, ''), shown);
  if (rows.length === 0) throw listInvalid(shown, 'it has no row');
  return rows;
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw listInvalid(shown, (error as Error).message);
  }
}

function rowsOfTable(text: string, delimiter: string, file: string): ListRow[] {
  // Folders of images, which most data are, have no table.
  const { CsvError, parse } = require('csv-parse/sync') as typeof import('csv-parse/sync');
  const options = { delimiter, columns: true, skip_empty_lines: true, trim: true, info: true } as const;
  try {
    const records = parse(text, options) as unknown as {
      record: Record<string, string>;
      info: { lines: number };
    }[];
    return records.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (error instanceof CsvError) throw listInvalid(file, error.message);
    throw error;
  }
}

function rowsOfJsonLines(text: string, file: string): ListRow[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    return [{ line: index + 1, cells: cellsOfJson(line, { file, line: index + 1 }) }];
  });
}

/** Texts and numbers; what else a line holds names no file and no class. */
function cellsOfJson(text: string, place: { file: string; line: number }): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw listInvalid(place.file, `line ${place.line} is no JSON: ${quoteShort(text)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw listInvalid(place.file, `line ${place.line} is no object: ${quoteShort(text)}`);
  const cells = Object.entries(value).filter(([, cell]) => ['string', 'number'].includes(typeof cell));
  return Object.fromEntries(cells.map(([name, cell]) => [name, String(cell).trim()]));
}
