import { statSync } from 'node:fs';
import { isAbsolute, join, posix, relative, sep } from 'node:path';
import { quoteShort } from 'dna-nas/archives';
import type { Split } from 'dna-nas/core/contracts';
import { listFilesMissing, listInvalid } from '../errors.js';
import { PARTS, partOf } from '../found-images.js';
import { emptyIndex, type ImageIndex, UNLABELLED } from '../image-index.js';
import type { DataImagenetOptions } from '../options.js';

import { chooseColumns, type ListColumns } from './columns.js';
import type { ListFile } from './find-lists.js';
import { type ListRow, readRows } from './read-rows.js';

/** How lists are read, and whether their images have labels. */
export type ReadingOptions = Pick<DataImagenetOptions, 'list' | 'labels'>;

/**
 * Finds the images that lists name, by part, in the lists' order.
 * @throws DnaError `DATA_LIST`, `DATA_LIST_COLUMN`
 */
export function indexLists(
  root: string,
  lists: readonly ListFile[],
  options: ReadingOptions,
): [Split, ImageIndex][] {
  const indexer = new ListIndexer(root, options);
  for (const list of lists) indexer.add(list);
  return indexer.parts();
}

class ListIndexer {
  readonly #root: string;
  readonly #options: ReadingOptions;
  readonly #indices = new Map<Split, { index: ImageIndex; classes: Map<string, number> }>();
  /** Where each file was named first. */
  readonly #places = new Map<string, string>();
  #there = 0;

  constructor(root: string, options: ReadingOptions) {
    this.#root = root;
    this.#options = options;
  }

  add(list: ListFile): void {
    const rows = readRows(join(this.#root, list.name), list.name);
    const columns = chooseColumns(rows, this.#options, list.name);
    for (const row of rows) this.#addRow(row, columns, list);
  }

  parts(): [Split, ImageIndex][] {
    const first = this.#places.keys().next().value!;
    if (this.#there === 0) throw listFilesMissing(this.#places.size, first);
    return Array.from(this.#indices, ([part, { index }]) => [part, index]);
  }

  #addRow(row: ListRow, columns: ListColumns, list: ListFile): void {
    const place = `line ${row.line} of ${list.name}`;
    const told = (column: string) => {
      const text = row.cells[column] ?? '';
      if (text === '') throw listInvalid(list.name, `line ${row.line} has no ${column}`);
      return text;
    };
    const file = told(columns.file);
    const label = columns.label === undefined ? UNLABELLED : told(columns.label);
    const name = this.#fileName(file, list);
    const known = this.#places.get(name);
    if (known !== undefined)
      throw listInvalid(list.name, `${quoteShort(name)} stands in ${known} and in ${place}`);
    this.#places.set(name, place);
    this.#put(partOfRow(row, columns, list), name, /^\d+$/.test(label) ? `#${Number(label)}` : label);
  }

  /** Relative to the data's folder, with slashes. */
  #fileName(file: string, list: ListFile): string {
    const named = (this.#options.list.files ?? '{}').replaceAll('{}', () => file);
    if (isAbsolute(named)) return relative(this.#root, named).split(sep).join('/');
    return posix.normalize(posix.join(posix.dirname(list.name), named));
  }

  #put(part: Split, name: string, label: string): void {
    if (!this.#indices.has(part)) this.#indices.set(part, { index: emptyIndex(), classes: new Map() });
    const { index, classes } = this.#indices.get(part)!;
    if (!classes.has(label)) classes.set(label, index.classes.push(label) - 1);
    // A file that is not there is an image that cannot be read, and is told as one.
    const size = statSync(join(this.#root, name), { throwIfNoEntry: false })?.size;
    if (size !== undefined) this.#there++;
    index.names.push(name);
    index.sizes.push(size ?? 0);
    index.classOf.push(classes.get(label)!);
  }
}

function partOfRow({ line, cells }: ListRow, { split }: ListColumns, list: ListFile): Split {
  if (split === undefined) return list.part ?? 'train';
  const text = cells[split] ?? '';
  const part = partOf(text);
  if (part) return part;
  throw listInvalid(
    list.name,
    `line ${line} has the ${split} ${quoteShort(text)}; expected ${PARTS.join(', ')}`,
  );
}
