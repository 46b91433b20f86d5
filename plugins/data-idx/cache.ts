import { createHash, randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataCorrupt } from './errors.js';
import { encodeIdx } from './idx-file.js';
import { IDX_FILES, type IdxFolder, readIdxFolder } from './idx-folder.js';

/** Says that the folder is complete, and what its files must be. */
const RECORD = 'files.json';

type CacheRecord = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

/**
 * Reads the IDX files kept in `folder`, or makes them there first. The folder appears whole or not at all (written
 * beside it and renamed), so processes that start at once do not disturb each other.
 * @throws DnaError `DATA_CORRUPT` if a file is no longer what was written
 */
export function readThroughCache(folder: string, make: () => IdxFolder): IdxFolder {
  if (existsSync(join(folder, RECORD))) return readCache(folder);
  const made = make();
  writeCache(folder, made);
  return made;
}

function readCache(folder: string): IdxFolder {
  const fix = `Delete ${folder}; the next start makes it again.`;
  const record = readRecord(join(folder, RECORD), fix);
  for (const name of Object.values(IDX_FILES)) {
    const file = join(folder, name);
    const expected = record[name];
    if (!expected || !existsSync(file)) throw dataCorrupt(file, 'no such file', 'it in the cache', fix);
    const content = readFileSync(file);
    if (content.length !== expected.bytes) {
      throw dataCorrupt(file, `${content.length} bytes`, String(expected.bytes), fix);
    }
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (sha256 !== expected.sha256) {
      throw dataCorrupt(file, `SHA-256 ${sha256}`, expected.sha256, fix);
    }
  }
  return readIdxFolder(folder, fix);
}

function readRecord(file: string, fix: string): CacheRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CacheRecord;
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'JSON', fix);
  }
}

function writeCache(folder: string, { train, test }: IdxFolder): void {
  const draft = `${folder}.${randomUUID()}`;
  mkdirSync(draft, { recursive: true });
  try {
    const contents = {
      [IDX_FILES.trainImages]: encodeIdx(train.images),
      [IDX_FILES.trainLabels]: encodeIdx(train.labels),
      [IDX_FILES.testImages]: encodeIdx(test.images),
      [IDX_FILES.testLabels]: encodeIdx(test.labels),
    };
    for (const [name, content] of Object.entries(contents)) writeSynced(join(draft, name), content);
    const record = Object.entries(contents).map(([name, content]) => [
      name,
      { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
    ]);
    writeSynced(join(draft, RECORD), JSON.stringify(Object.fromEntries(record), null, 2));
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
