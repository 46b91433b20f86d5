import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from 'dna-nas/core/contracts';
import { isFolder } from 'dna-nas/files';
import { type FoundImages, joinParts, PARTS, partOf, partsAmong } from './found-images.js';
import { byCodeUnits, type ImageIndex } from './image-index.js';
import { type IndexCache, stampOf } from './index-cache.js';
import { classFolders, indexFolders } from './index-folders.js';
import { indexShards } from './index-shards.js';
import { findLists } from './lists/find-lists.js';
import { indexLists } from './lists/index-lists.js';
import type { ListOptions } from './options.js';

/** Where the images of a data set are. */
export interface DataPlace {
  /** Absolute path of the data's folder. */
  readonly root: string;
  /** The list that was named, relative to it. */
  readonly list?: string;
}

/**
 * Finds the images of each part: those of the list that was named, or those of the folder's classes, archives or lists.
 * @throws DnaError `DATA_NO_IMAGES`, and those of lists
 */
export function findImages({ root, list }: DataPlace, cache: IndexCache, options: ListOptions): FoundImages {
  if (list !== undefined) return joinParts(indexLists(root, [{ name: list }], options), list);
  const divided = findParts(root, cache);
  if (isSet(divided)) return joinParts(divided, root);
  const lists = findLists(root);
  const undivided = findUndivided(root, cache);
  // `train` and `test` with images are no classes where lists say what these are.
  const areListed = lists.some(({ part }) => part !== undefined) || (lists.length > 0 && !isSet(undivided));
  return joinParts(areListed ? indexLists(root, lists, options) : undivided, root);
}

/** One class is no data set: `images/` beside `labels.csv` is no class, and neither is a class called `train`. */
function isSet(found: readonly (readonly [Split, ImageIndex])[]): boolean {
  return new Set(found.flatMap(([, { classes }]) => classes)).size > 1;
}

function findParts(root: string, cache: IndexCache): readonly (readonly [Split, ImageIndex])[] {
  const folders = readdirSync(root).filter((name) => isFolder(join(root, name)));
  return partsAmong(folders).map(([part, name]) => [part, indexPart(root, name, cache)] as const);
}

/** One part that is the folder itself, or tar archives whose names say what part they are of. */
function findUndivided(root: string, cache: IndexCache): [Split, ImageIndex][] {
  const shards = shardsOf(root, '');
  if (shards.length === 0) return [['train', indexPart(root, '', cache)]];
  return PARTS.flatMap((part) => {
    const some = shards.filter((name) => partOfArchive(name) === part);
    return some.length > 0 ? [[part, indexed(root, some, cache)]] : [];
  });
}

/** Where the name tells nothing, it is for training. */
function partOfArchive(name: string): Split {
  const told = name.split(/[^a-z]+/i).map(partOf);
  return told.find((part) => part !== undefined) ?? 'train';
}

function indexPart(root: string, part: string, cache: IndexCache): ImageIndex {
  const shards = shardsOf(root, part);
  if (shards.length > 0) return indexed(root, shards, cache);
  const folders = classFolders(root, part).map((name) => (part === '' ? name : `${part}/${name}`));
  const stamps = folders.map((folder) => stampOf(root, folder));
  return cache.take([part, ...stamps], () => indexFolders(root, part));
}

function indexed(root: string, shards: string[], cache: IndexCache): ImageIndex {
  const stamps = shards.map((shard) => `${stampOf(root, shard)} ${statSync(join(root, shard)).size}`);
  return cache.take(stamps, () => indexShards(root, shards));
}

function shardsOf(root: string, part: string): string[] {
  return readdirSync(join(root, part))
    .filter((name) => name.endsWith('.tar') && !name.startsWith('.'))
    .map((name) => (part === '' ? name : `${part}/${name}`))
    .sort(byCodeUnits);
}
