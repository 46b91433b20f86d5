import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isFolder } from 'dna-nas/core';
import { noImages } from './errors.js';
import { byCodeUnits, type ImageIndex } from './image-index.js';
import { type IndexCache, stampOf } from './index-cache.js';
import { classFolders, indexFolders } from './index-folders.js';
import { indexShards } from './index-shards.js';

/** What a data set's folder holds. `test` is absent where there is one part only. */
export interface FoundImages {
  readonly train: ImageIndex;
  readonly test?: ImageIndex;
}

const TEST_NAMES = ['val', 'validation', 'test'];

/**
 * Finds training and test images: in folders `train` and `val` (or `validation`, `test`), or in tar archives whose
 * names say so, each part as folders of classes or as tar archives; or one part that is the folder itself.
 * @throws DnaError `DATA_NO_IMAGES`
 */
export function findImages(root: string, cache: IndexCache): FoundImages {
  const train = isFolder(join(root, 'train')) ? indexPart(root, 'train', cache) : undefined;
  const testName = TEST_NAMES.find((name) => isFolder(join(root, name)));
  const test = testName === undefined ? undefined : indexPart(root, testName, cache);
  const found = train || test ? joinParts(train, test) : findUndivided(root, cache);
  if (!found || found.train.names.length === 0 || found.test?.names.length === 0) throw noImages(root);
  return found;
}

function joinParts(train: ImageIndex | undefined, test: ImageIndex | undefined): FoundImages | undefined {
  if (train && test) return { train, test };
  const only = train ?? test;
  return only && { train: only };
}

function findUndivided(root: string, cache: IndexCache): FoundImages | undefined {
  const shards = shardsOf(root, '');
  if (shards.length === 0) return { train: indexPart(root, '', cache) };
  const isTest = (name: string) => /(^|[^a-z])(val|validation|test)([^a-z]|$)/i.test(name);
  const train = shards.filter((name) => !isTest(name));
  const test = shards.filter(isTest);
  const index = (some: string[]) => (some.length > 0 ? indexed(root, some, cache) : undefined);
  return joinParts(index(train), index(test));
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
