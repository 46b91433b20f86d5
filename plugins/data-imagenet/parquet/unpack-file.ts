import { closeSync, fsyncSync, openSync } from 'node:fs';
import { FileSource } from 'dna-nas/archives';
import { DnaError } from 'dna-nas/errors';
import { nodeFiles, writeFailed, writeFully } from 'dna-nas/files';
import { type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { parquetInvalid } from '../errors.js';
import { chooseParquetColumns } from './columns.js';
import type { UnpackedImages, UnpackOrder } from './messages.js';
import { bytesOf, classOf, nameOf, type OpenedParquet, partsOf, readGroups } from './read-groups.js';

/** Images are compressed already: a file that unpacks to more than these times its size was made to fill a disk. */
const MOST_GROWTH = 8;
const LEAST_LIMIT = 2 ** 26;

/**
 * Writes the images of a Parquet file one after the other, a row group in memory at a time, and tells where each is.
 * @throws DnaError `DATA_PARQUET`, `DATA_LIST_COLUMN`
 */
export async function unpackFile(order: UnpackOrder): Promise<UnpackedImages> {
  const { file, shown, images } = order;
  const source = new FileSource(file);
  try {
    const opened = await open(source, order);
    const writer = new ImageWriter(images, opened);
    try {
      for await (const rows of readGroups(opened)) writer.add(rows);
      return writer.finish();
    } finally {
      writer.close();
    }
  } catch (error) {
    if (error instanceof DnaError) throw error;
    throw parquetInvalid(shown, `it cannot be read: ${(error as Error).message}`);
  } finally {
    source.close();
  }
}

async function open(source: FileSource, { shown, options }: UnpackOrder): Promise<OpenedParquet> {
  const metadata: FileMetaData = await parquetMetadataAsync(partsOf(source, shown), { geoparquet: false });
  const schema = parquetSchema(metadata);
  return { source, metadata, shown, columns: chooseParquetColumns({ metadata, schema, shown, options }) };
}

class ImageWriter {
  readonly #opened: OpenedParquet;
  readonly #file: string;
  readonly #descriptor: number;
  readonly #most: number;
  readonly #found = {
    names: [] as string[],
    offsets: [] as number[],
    sizes: [] as number[],
    classes: [] as string[],
  };
  #end = 0;
  #withBytes = 0;

  constructor(file: string, opened: OpenedParquet) {
    this.#opened = opened;
    this.#file = file;
    this.#descriptor = openSync(file, 'w');
    this.#most = Math.max(LEAST_LIMIT, MOST_GROWTH * opened.source.size);
  }

  /** The rows of one group. An image that many of its rows have from a dictionary is written once. */
  add(rows: readonly Parameters<typeof bytesOf>[0][]): void {
    const places = new Map<Uint8Array, number>();
    for (const row of rows) {
      const bytes = bytesOf(row);
      const { names, offsets, sizes, classes } = this.#found;
      names.push(nameOf(row));
      sizes.push(bytes?.length ?? 0);
      if (this.#opened.columns.label !== undefined) classes.push(classOf(row, this.#opened));
      if (bytes) this.#withBytes++;
      offsets.push(bytes ? (places.get(bytes) ?? this.#write(bytes)) : 0);
      if (bytes) places.set(bytes, offsets.at(-1)!);
    }
  }

  #write(bytes: Uint8Array): number {
    const offset = this.#end;
    this.#end += bytes.length;
    const { shown, source } = this.#opened;
    if (this.#end > this.#most)
      throw parquetInvalid(shown, `its images take more than ${MOST_GROWTH} times its ${source.size} bytes`);
    try {
      writeFully(nodeFiles, this.#descriptor, bytes);
    } catch (error) {
      throw writeFailed(this.#file, offset, error);
    }
    return offset;
  }

  finish(): UnpackedImages {
    const { shown, columns } = this.#opened;
    if (this.#withBytes === 0)
      throw parquetInvalid(
        shown,
        this.#found.names.length === 0
          ? 'it has no rows'
          : `its column ${columns.image} has no image with bytes`,
        'Save the images with their bytes (`Dataset.to_parquet` of Hugging Face’s datasets embeds them), or name the files in a list.',
      );
    fsyncSync(this.#descriptor);
    return { ...this.#found, ...(columns.classNames && { classNames: columns.classNames }) };
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
