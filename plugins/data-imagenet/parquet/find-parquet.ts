import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Split } from 'dna-nas/core/contracts';
import { isFolder } from 'dna-nas/files';
import { PARTS, partOf, partsAmong } from '../found-images.js';
import { byCodeUnits } from '../image-index.js';

/** The Parquet files of one part, relative to the data's folder. */
export type ParquetPart = readonly [Split, readonly string[]];

/** Where a snapshot of a repository of Hugging Face has its files. */
const DATA = 'data';

export function isParquetName(name: string): boolean {
  return /\.parquet$/i.test(name) && !name.startsWith('.');
}

/**
 * The Parquet files of a folder, of its folder `data/` or of a folder for each part, by the parts that their names tell
 * (`train-00000-of-00003.parquet`); empty where there are none.
 */
export function findParquet(root: string): ParquetPart[] {
  for (const folder of ['', DATA]) {
    const files = parquetIn(root, folder);
    if (files.length > 0) return byPart(files);
    const parts = partsAmong(foldersIn(root, folder)).flatMap(([part, name]) => {
      const own = parquetIn(root, folder === '' ? name : `${folder}/${name}`);
      return own.length > 0 ? [[part, own] as const] : [];
    });
    if (parts.length > 0) return parts;
  }
  return [];
}

function byPart(files: readonly string[]): ParquetPart[] {
  return PARTS.flatMap((part) => {
    const own = files.filter((file) => partOfFile(file) === part);
    return own.length > 0 ? [[part, own] as const] : [];
  });
}

/** Where the name tells nothing, it is for training. */
export function partOfFile(file: string): Split {
  const words = file
    .split('/')
    .at(-1)!
    .split(/[^a-z]+/i);
  return words.map(partOf).find((part) => part !== undefined) ?? 'train';
}

function parquetIn(root: string, folder: string): string[] {
  if (!isFolder(join(root, folder))) return [];
  return readdirSync(join(root, folder))
    .filter(isParquetName)
    .map((name) => (folder === '' ? name : `${folder}/${name}`))
    .sort(byCodeUnits);
}

function foldersIn(root: string, folder: string): string[] {
  if (!isFolder(join(root, folder))) return [];
  return readdirSync(join(root, folder)).filter((name) => isFolder(join(root, folder, name)));
}
