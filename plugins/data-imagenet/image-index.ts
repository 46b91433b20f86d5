/** The images of one part of a data set (`train`, `val`), column by column. Plain data: it is kept as JSON. */
export interface ImageIndex {
  /** Relative to the data's folder, or names of entries of shards. */
  readonly names: string[];
  /** Bytes of each. */
  readonly sizes: number[];
  /** Number of each image's class in `classes`. */
  readonly classOf: number[];
  /** WordNet ids or names as folders have them; `#7` is the label 7 of a shard. */
  readonly classes: string[];
  /** Tar archives or Parquet files relative to the data's folder; none: images are files. */
  readonly shards: string[];
  /** Where each of these is unpacked, if they are: absolute paths. */
  readonly places?: readonly string[];
  /** Of each image, if there are shards: its archive and its first byte. */
  readonly shardOf: number[];
  readonly offsets: number[];
}

/** The class of images that have none. */
export const UNLABELLED = '';

/** Without images. */
export function emptyIndex(): ImageIndex {
  return { names: [], sizes: [], classOf: [], classes: [], shards: [], shardOf: [], offsets: [] };
}

/** Whether a file is taken for an image, by its name. */
export function isImageName(name: string): boolean {
  return /\.(jpe?g|png|webp|gif|tiff?|avif)$/i.test(name);
}

/** By code units: the same on every machine, whatever its language. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
