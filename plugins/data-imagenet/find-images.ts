import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from 'dna-nas/core/contracts';
import { isFolder } from 'dna-nas/files';
import { type FoundImages, joinParts, PARTS, partOf, partsAmong } from './found-images.js';
import { byCodeUnits, type ImageIndex } from './image-index.js';
import { type IndexCache, stampOf } from './index-cache.js';
import { foldersBelow, foldersOfClasses, indexFolders } from './index-folders.js';
import { indexShards } from './index-shards.js';
import { findLists } from './lists/find-lists.js';
import { indexLists, type ReadingOptions } from './lists/index-lists.js';
import { findParquet, isParquetName, partOfFile } from './parquet/find-parquet.js';
import { indexParquet } from './parquet/index-parquet.js';
import type { UnpackRequest } from './parquet/unpack.js';

/** Where the images of a data set are. */
export interface DataLocation {
  /** Absolute path of the data's folder. */
  readonly root: string;
  /** The list that was named, relative to it. */
  readonly list?: string;
}

/**
 * Finds the images of each part: those of the list that was named, or those of the folder's classes, archives or lists.
 * @throws DnaError `DATA_NO_IMAGES`, and those of lists
 */
export async function findImages(
  { root, list }: DataLocation,
  { cache, unpacked }: Caches,
  options: ReadingOptions,
): Promise<FoundImages> {
  const named = list !== undefined && isParquetName(list);
  const parquet = named ? [[partOfFile(list), [list]] as const] : list === undefined ? findParquet(root) : [];
  if (parquet.length > 0) {
    const { parts, classNames } = await indexParquet(parquet, { root, options, ...unpacked });
    return { ...joinParts(parts, root), ...(classNames && { classNames }) };
  }
  if (list !== undefined) return joinParts(indexLists(root, [{ name: list }], options), list);
  const search = { root, cache, labels: options.labels };
  const divided = findParts(search);
  if (options.labels ? isSet(divided) : divided.some(([, { names }]) => names.length > 0))
    return joinParts(divided, root);
  const undivided = findUndivided(search);
  if (!options.labels) return joinParts(undivided, root);
  const lists = findLists(root);
  // `train` and `test` with images are no classes where lists say what these are.
  const areListed = lists.some(({ part }) => part !== undefined) || (lists.length > 0 && !isSet(undivided));
  return joinParts(areListed ? indexLists(root, lists, options) : undivided, root);
}

/** Where what is found, or unpacked, is kept. */
interface Caches {
  readonly cache: IndexCache;
  readonly unpacked: Pick<UnpackRequest, 'cache' | 'noticed'>;
}

/** Where images are looked for, and whether they are to have classes. */
interface Search {
  readonly root: string;
  readonly cache: IndexCache;
  readonly labels: boolean;
}

/** One class is no data set: `images/` beside `labels.csv` is no class, and neither is a class called `train`. */
function isSet(found: readonly (readonly [Split, ImageIndex])[]): boolean {
  return new Set(found.flatMap(([, { classes }]) => classes)).size > 1;
}

function findParts(search: Search): readonly (readonly [Split, ImageIndex])[] {
  const { root } = search;
  const folders = readdirSync(root).filter((name) => isFolder(join(root, name)));
  return partsAmong(folders).map(([part, name]) => [part, indexPart(search, name)] as const);
}

/** One part that is the folder itself, or tar archives whose names say what part they are of. */
function findUndivided(search: Search): [Split, ImageIndex][] {
  const shards = shardsOf(search.root, '');
  if (shards.length === 0) return [['train', indexPart(search, '')]];
  return PARTS.flatMap((part) => {
    const some = shards.filter((name) => partOfArchive(name) === part);
    return some.length > 0 ? [[part, indexed(search, some)]] : [];
  });
}

/** Where the name tells nothing, it is for training. */
function partOfArchive(name: string): Split {
  const told = name.split(/[^a-z]+/i).map(partOf);
  return told.find((part) => part !== undefined) ?? 'train';
}

function indexPart(search: Search, part: string): ImageIndex {
  const { root, cache, labels } = search;
  const shards = shardsOf(root, part);
  if (shards.length > 0) return indexed(search, shards);
  const folders = (labels ? foldersOfClasses : foldersBelow)(root, part);
  const stamps = folders.map(({ folder }) => stampOf(root, folder));
  return cache.take([part, ...kindOf(search), ...stamps], () => indexFolders(root, folders));
}

function indexed(search: Search, shards: string[]): ImageIndex {
  const { root, cache, labels } = search;
  const stamps = shards.map((shard) => `${stampOf(root, shard)} ${statSync(join(root, shard)).size}`);
  return cache.take([...kindOf(search), ...stamps], () => indexShards(root, shards, { labels }));
}

/** What tells the kept index of images without labels from one with them. */
function kindOf({ labels }: Search): string[] {
  return labels ? [] : ['without labels'];
}

function shardsOf(root: string, part: string): string[] {
  return readdirSync(join(root, part))
    .filter((name) => name.endsWith('.tar') && !name.startsWith('.'))
    .map((name) => (part === '' ? name : `${part}/${name}`))
    .sort(byCodeUnits);
}
