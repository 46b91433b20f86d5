import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { dataCorrupt } from './errors.js';
import { encodeIdx, type IdxArray, type IdxFile } from './idx-file.js';
import { IDX_FILES, type IdxFolder, readIdxFolder } from './idx-folder.js';

/** Written last: SHA-256 of each file of the folder by name. */
const RECORD = 'sha256.json';

/**
 * Reads the IDX files kept in `folder`, or makes them there first. The folder appears whole or not at all (written
 * beside it and renamed), so processes that start at once do not disturb each other.
 * @throws DnaError `DATA_CORRUPT` if a file is no longer what was written
 */
export function readThroughCache(folder: string, make: () => IdxFolder<IdxArray>): IdxFolder {
  if (!existsSync(join(folder, RECORD))) writeCache(folder, make());
  return readCache(folder);
}

function readCache(folder: string): IdxFolder {
  const fix = `Delete ${folder}; the next start makes it again.`;
  for (const name of Object.values(IDX_FILES)) {
    const file = join(folder, name);
    if (!existsSync(file)) throw dataCorrupt(folder, `${name} is not there`, 'four IDX files', fix);
  }
  const { train, test } = readIdxFolder(folder, fix);
  const record = readRecord(join(folder, RECORD), fix);
  const check = (name: string, file: IdxFile) => {
    const expected = `SHA-256 ${record[name]}`;
    if (file.sha256 !== record[name]) {
      throw dataCorrupt(join(folder, name), `SHA-256 ${file.sha256}`, expected, fix);
    }
  };
  check(IDX_FILES.trainImages, train.images);
  check(IDX_FILES.trainLabels, train.labels);
  check(IDX_FILES.testImages, test.images);
  check(IDX_FILES.testLabels, test.labels);
  return { train, test };
}

function readRecord(file: string, fix: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'JSON', fix);
  }
}

function writeCache(folder: string, { train, test }: IdxFolder<IdxArray>): void {
  const draft = `${folder}.${randomUUID()}`;
  mkdirSync(draft, { recursive: true });
  try {
    const record: Record<string, string> = {};
    const keep = (name: string, array: IdxArray) => {
      const content = encodeIdx(array);
      writeSynced(join(draft, name), content);
      record[name] = createHash('sha256').update(content).digest('hex');
    };
    keep(IDX_FILES.trainImages, train.images);
    keep(IDX_FILES.trainLabels, train.labels);
    keep(IDX_FILES.testImages, test.images);
    keep(IDX_FILES.testLabels, test.labels);
    writeSynced(join(draft, RECORD), `${JSON.stringify(record, null, 2)}\n`);
    publish(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function writeSynced(file: string, content: Uint8Array | string): void {
  const descriptor = openSync(file, 'wx');
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function publish(draft: string, folder: string): void {
  // A folder without its record is nobody's: files put there by hand, or half deleted.
  if (existsSync(folder) && !existsSync(join(folder, RECORD))) rmSync(folder, { recursive: true });
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process was first: its files hold the same bytes.
    if (!existsSync(join(folder, RECORD))) throw error;
    return;
  }
  const parent = openSync(dirname(folder), 'r');
  fsyncSync(parent);
  closeSync(parent);
}
