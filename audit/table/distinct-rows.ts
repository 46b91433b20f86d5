import { contradiction } from '../errors.js';
import type { Table } from './read-csv.js';
import type { ScoreColumns } from './read-scores.js';

/**
 * Rows of different networks: of several rows of one network the first counts, where they agree.
 * @param keys what names each row's network
 * @throws DnaError `TABLE_CONTRADICTION`
 */
export function distinctRows(
  { path, rows }: Table,
  keys: readonly string[],
  { seeds, blocks = [], operations: _, ...single }: ScoreColumns,
): Int32Array {
  const several = (name: string, all: readonly Float64Array[]) =>
    all.map((values, index) => [`${name}_${index + 1}`, values] as const);
  const columns = [...Object.entries(single), ...several('rating', blocks), ...several('accuracy', seeds)];
  const first = new Map<string, number>();
  keys.forEach((key, row) => {
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, row);
      return;
    }
    for (const [column, values] of columns) {
      if (values[before] === values[row]) continue;
      const lines = [rows[before]!.line, rows[row]!.line] as const;
      const pair = [values[before]!, values[row]!] as const;
      throw contradiction(path, { lines, network: key, column, values: pair });
    }
  });
  return Int32Array.from(first.values());
}
