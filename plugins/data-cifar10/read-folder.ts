import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { nearestFile } from 'dna-nas/errors';
import type { LabelledImages } from 'dna-nas/nn/images';
import { readBinary } from './binary.js';
import { dataFolderMissing, dataMissing } from './errors.js';
import { readPng } from './png-form.js';
import { sha256 } from './sha256.js';

/** Both sets as they lie in files, and SHA-256 of their pixels and labels in the order of `LabelledSets`. */
export interface Cifar10 {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  readonly hashes: readonly string[];
}

/**
 * Reads a folder in either form. Both give the same hashes for the same images.
 * @param path the folder as the option names it; absent: it is the default one
 * @throws DnaError `DATA_MISSING`, `DATA_FOLDER_MISSING`, `DATA_FILE_MISSING` or `DATA_CORRUPT`
 */
export function readFolder(folder: string, path: string | undefined): Cifar10 {
  requireFolder(folder, path);
  const read = existsSync(join(folder, 'test_batch.png')) ? readPng : readBinary;
  const [train, test] = [read(folder, 'train'), read(folder, 'test')];
  const hashes = [train.pixels, train.labels, test.pixels, test.labels].map(sha256);
  return { train, test, hashes };
}

function requireFolder(folder: string, path: string | undefined): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status?.isDirectory()) return;
  if (path === undefined) throw dataMissing(folder);
  if (status) throw dataFolderMissing(path, 'that is a file', undefined);
  throw dataFolderMissing(path, 'there is no such folder', nearestFile(folder, path));
}
