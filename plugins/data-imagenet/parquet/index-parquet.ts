import { isDeepStrictEqual } from 'node:util';
import type { Split } from 'dna-nas/core/contracts';
import { classMismatch } from '../errors.js';
import { emptyIndex, type ImageIndex, UNLABELLED } from '../image-index.js';
import type { ParquetPart } from './find-parquet.js';
import { type Unpacked, type UnpackRequest, unpackParquet } from './unpack.js';

/** The images of Parquet files by part, and what their schemas call the classes. */
export interface ParquetImages {
  readonly parts: readonly (readonly [Split, ImageIndex])[];
  readonly classNames?: readonly string[];
}

/** Unpacks the Parquet files of a data set, and finds their images. @throws DnaError as `unpackParquet`; `DATA_MISMATCH` */
export async function indexParquet(
  parts: readonly ParquetPart[],
  request: Omit<UnpackRequest, 'name'>,
): Promise<ParquetImages> {
  const found: [Split, ImageIndex][] = [];
  const told = new Map<string, readonly string[] | undefined>();
  for (const [part, files] of parts) {
    const index = { ...emptyIndex(), shards: [...files], places: [] as string[] };
    for (const [shard, name] of files.entries()) {
      const unpacked = await unpackParquet({ ...request, name });
      told.set(name, unpacked.images.classNames);
      add(index, unpacked, shard);
    }
    found.push([part, index]);
  }
  const classNames = sameNames(told);
  return { parts: found, ...(classNames && { classNames }) };
}

function add(index: ImageIndex & { places: string[] }, { images, place }: Unpacked, shard: number): void {
  const numbers = new Map(index.classes.map((name, number) => [name, number]));
  const numberOf = (name: string) => {
    if (!numbers.has(name)) numbers.set(name, index.classes.push(name) - 1);
    return numbers.get(name)!;
  };
  index.places.push(place);
  for (const [row, name] of images.names.entries()) {
    index.names.push(name);
    index.sizes.push(images.sizes[row]!);
    index.offsets.push(images.offsets[row]!);
    index.shardOf.push(shard);
    index.classOf.push(numberOf(images.classes[row] ?? UNLABELLED));
  }
}

/** Numbers mean the same in every file only if all schemas name them alike. */
function sameNames(told: ReadonlyMap<string, readonly string[] | undefined>): readonly string[] | undefined {
  const [first, ...others] = told;
  if (!first) return undefined;
  for (const [name, classNames] of others)
    if (!isDeepStrictEqual(classNames, first[1]))
      throw classMismatch(
        `The schemas of ${first[0]} and ${name} name different classes.`,
        'Take files of one data set, or name the classes of all by data.classes.',
      );
  return first[1];
}
