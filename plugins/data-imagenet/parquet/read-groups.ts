import { type FileSource, quoteShort } from 'dna-nas/archives';
import { type AsyncBuffer, type FileMetaData, parquetReadObjects } from 'hyparquet';
import { parquetInvalid } from '../errors.js';
import type { ParquetColumns } from './columns.js';
import { pageInflaters } from './inflate.js';

/** Bytes of a row group's images, compressed or not: so much is in memory at once, twice. */
export const MOST_GROUP = 160 * 2 ** 20;

/** Rows of a row group. */
const MOST_ROWS = 2 ** 20;

const SMALLER =
  'Write the file with fewer rows a group, in Python: ' +
  '`pyarrow.parquet.write_table(pyarrow.parquet.read_table(FILE), OTHER, row_group_size=100)`.';

/** One row, as far as it counts. */
export interface ParquetRow {
  /** Of the file, from 0. */
  readonly row: number;
  readonly image: unknown;
  readonly label: unknown;
}

export interface OpenedParquet {
  readonly source: FileSource;
  readonly metadata: FileMetaData;
  readonly columns: ParquetColumns;
  readonly shown: string;
}

/** What hyparquet reads a file by: each part is read when it is asked for, and none is larger than a row group may be. */
export function partsOf(source: FileSource, shown: string): AsyncBuffer {
  return {
    byteLength: source.size,
    async slice(start, end = source.size) {
      if (end - start > MOST_GROUP) throw tooLarge(shown, end - start);
      if (!(start >= 0 && start <= end && end <= source.size))
        throw parquetInvalid(shown, `it tells of bytes ${start} to ${end}, and has ${source.size}`);
      // What a file source reads is no part of a larger buffer.
      return source.read(start, end - start).buffer as ArrayBuffer;
    },
  };
}

/** The rows of a file, one row group after the other in memory. @throws DnaError `DATA_PARQUET` */
export async function* readGroups({ source, metadata, columns, shown }: OpenedParquet) {
  const names = [columns.image, ...(columns.label === undefined ? [] : [columns.label])];
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    if (!(group.num_rows <= MOST_ROWS))
      throw parquetInvalid(
        shown,
        `a row group has ${group.num_rows} rows; expected at most ${MOST_ROWS}`,
        SMALLER,
      );
    const rowEnd = rowStart + Number(group.num_rows);
    let left = MOST_GROUP;
    const compressors = pageInflaters((bytes) => {
      left -= bytes;
      if (!(left >= 0)) throw tooLarge(shown, MOST_GROUP - left);
    });
    const request = { metadata, columns: names, rowStart, rowEnd, compressors, utf8: false };
    const rows = await parquetReadObjects({ file: partsOf(source, shown), ...request });
    if (rows.length !== rowEnd - rowStart)
      throw parquetInvalid(shown, `rows ${rowStart} to ${rowEnd} are said to be there; ${rows.length} are`);
    yield rows.map(
      (cells, at): ParquetRow => ({
        row: rowStart + at,
        image: cells[columns.image],
        label: columns.label === undefined ? undefined : cells[columns.label],
      }),
    );
    rowStart = rowEnd;
  }
}

function tooLarge(shown: string, bytes: number) {
  const megabytes = (count: number) => `${Math.round(count / 2 ** 20)} MiB`;
  return parquetInvalid(
    shown,
    `a row group's images take ${megabytes(bytes)}; expected at most ${megabytes(MOST_GROUP)}`,
    SMALLER,
  );
}

/** The bytes of an image: the cell itself, or the member of it that `datasets` has; undefined where there are none. */
export function bytesOf({ image }: ParquetRow): Uint8Array | undefined {
  if (image instanceof Uint8Array) return image;
  const { bytes } = (image ?? {}) as { bytes?: unknown };
  return bytes instanceof Uint8Array ? bytes : undefined;
}

/** `12`, or with the file that the image was before: `12-n01440764_10026.JPEG`. */
export function nameOf({ row, image }: ParquetRow): string {
  const { path } = (image ?? {}) as { path?: unknown };
  if (typeof path !== 'string') return String(row);
  const file = path.split(/[/\\]/).at(-1)!;
  return /^[\w. -]{1,100}$/.test(file) ? `${row}-${file}` : String(row);
}

/** A class as an index has it: `#7` for a number, else the text. @throws DnaError `DATA_PARQUET` */
export function classOf({ row, label }: ParquetRow, { columns, shown }: OpenedParquet): string {
  const { label: column, classNames } = columns;
  if (typeof label === 'string' && label !== '') return label;
  const number = Number(label);
  const most = classNames?.length ?? 2 ** 20;
  if (label !== null && label !== undefined && Number.isInteger(number) && number >= 0 && number < most)
    return `#${number}`;
  const found =
    label === null || label === undefined ? 'no' : `the ${column} ${quoteShort(String(label))} for a`;
  const expected = classNames
    ? `a number from 0 to ${most - 1}, as the schema names ${most}`
    : 'a number from 0 on';
  throw parquetInvalid(
    shown,
    `row ${row} has ${found} class; expected ${expected}`,
    'Leave the file out if its images have no labels, or take all images without: --set data.labels=false.',
  );
}
