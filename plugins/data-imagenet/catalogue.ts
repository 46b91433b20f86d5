import { quoteShort } from 'dna-nas/archives';
import type { DataDescription, Split } from 'dna-nas/core/contracts';

/**
 * All images of a data set by number, in memory that threads share: plain data that crosses to another thread by
 * structured clone without being copied.
 */
export interface Catalogue {
  readonly description: DataDescription;
  /** Absolute path of the data's folder. */
  readonly folder: string;
  /** UTF-8 of all names one after the other: files relative to the folder, or entries of shards. */
  readonly names: Uint8Array;
  /** Where each name ends. */
  readonly nameEnds: Uint32Array;
  /** Class of each image. */
  readonly labels: Int32Array;
  /** Tar archives or Parquet files relative to the folder; none: images are files. */
  readonly shards: readonly string[];
  /** Absolute paths of the files that have the shards' images unpacked; empty where they are read from the shards. */
  readonly places: readonly string[];
  /** Of each image, if there are shards: its archive, its first byte and its size. */
  readonly shardOf: Uint32Array;
  readonly offsets: Float64Array;
  readonly sizes: Uint32Array;
  /** Numbers of the images of each split, in the split's order. */
  readonly images: Readonly<Record<Split, Uint32Array>>;
  /** How many images were found to be damaged. */
  readonly damagedCount: Int32Array;
  /** 1 for each of them. */
  readonly damaged: Uint8Array;
  /** What the threads of all workers have taken to decode large images. */
  readonly decodeMemory: Int32Array;
}

/** Name of an image, as people find it: `train/n01440764/n01440764_10026.JPEG`, `train-000.tar/0001.jpg`. */
export function imageName(catalogue: Catalogue, image: number): string {
  const { names, nameEnds, shards, shardOf } = catalogue;
  const start = image === 0 ? 0 : nameEnds[image - 1]!;
  const name = Buffer.from(names.subarray(start, nameEnds[image]!)).toString('utf8');
  return shards.length > 0 ? `${shards[shardOf[image]!]}/${name}` : name;
}

/** Number of an image of a split. @throws RangeError */
export function imageNumber({ images }: Catalogue, split: Split, index: number): number {
  const image = images[split][index];
  if (image !== undefined) return image;
  throw new RangeError(
    `Image ${index} of the ${quoteShort(split)} split was asked for; it has ${images[split].length}.`,
  );
}

/** Takes note of a damaged image; false if another thread was first. */
export function markDamaged({ damaged, damagedCount }: Catalogue, image: number): boolean {
  if (Atomics.exchange(damaged, image, 1) === 1) return false;
  Atomics.add(damagedCount, 0, 1);
  return true;
}
