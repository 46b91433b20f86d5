import { listColumn } from '../errors.js';
import type { DataImagenetOptions } from '../options.js';
import type { ListRow } from './read-rows.js';

/** The columns of a list that count. */
export interface ListColumns {
  readonly file: string;
  /** Absent: images have no labels. */
  readonly label?: string;
  /** Absent: all images are of one part. */
  readonly split?: string;
}

/** How people call the columns, in the order in which they are looked for. */
const USUAL: Readonly<Record<keyof ListColumns, readonly string[]>> = {
  file: ['file_name', 'filename', 'file', 'path', 'image_path', 'filepath', 'image', 'image_id', 'id'],
  label: ['label', 'class', 'class_name', 'category', 'target', 'label_name'],
  split: ['split'],
};

/** Which columns say file, class and part: those that were named, else by their usual names. @throws DnaError `DATA_LIST_COLUMN` */
export function chooseColumns(
  rows: readonly ListRow[],
  { list: options, labels }: Pick<DataImagenetOptions, 'list' | 'labels'>,
  shown: string,
): ListColumns {
  const names = [...new Set(rows.flatMap(({ cells }) => Object.keys(cells)))];
  const choose = (role: keyof ListColumns) => {
    const wanted = options[role];
    const found = wanted === undefined ? usualColumn(role, names) : names.find((name) => name === wanted);
    if (found === undefined && (wanted !== undefined || role !== 'split'))
      throw listColumn(shown, { role, wanted, names, usual: USUAL[role] });
    return found;
  };
  const split = choose('split');
  const label = labels ? { label: choose('label')! } : {};
  return { file: choose('file')!, ...label, ...(split !== undefined && { split }) };
}

function usualColumn(role: keyof ListColumns, names: readonly string[]): string | undefined {
  return USUAL[role]
    .map((usual) => names.find((name) => name.toLowerCase() === usual))
    .find((name) => name !== undefined);
}
