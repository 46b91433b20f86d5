import type { PlainError } from 'dna-nas/errors';
import type { DataImagenetOptions } from '../options.js';

/** What the process that unpacks one Parquet file is given. */
export interface UnpackOrder {
  /** Absolute path of the file, and how messages call it. */
  readonly file: string;
  readonly shown: string;
  /** The file that its images are written to, one after the other. */
  readonly images: string;
  readonly options: Pick<DataImagenetOptions, 'list' | 'labels'>;
}

/** The images of one Parquet file, row by row. Plain data: it is kept as JSON. */
export interface UnpackedImages {
  readonly names: readonly string[];
  /** First byte of each among the unpacked ones, and how many it has. */
  readonly offsets: readonly number[];
  readonly sizes: readonly number[];
  /** Class of each: a name, or `#7` for the number 7. */
  readonly classes: readonly string[];
  /** Names of the numbers, where the schema tells them. */
  readonly classNames?: readonly string[];
}

/** What it answers. */
export type UnpackReply = { readonly unpacked: UnpackedImages } | { readonly error: PlainError };
