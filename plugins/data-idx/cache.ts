import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DnaError } from 'dna-nas/errors';
import { type FileLayer, ifExists, type KeepOptions, keepFolder, nodeFiles } from 'dna-nas/files';
import { dataCorrupt } from './errors.js';
import { decodeIdx, encodeIdx, type IdxArray } from './idx-file.js';
import { assembleFolder, IDX_FILES, type IdxFolder } from './idx-folder.js';

/** Written last: SHA-256 of each file of the folder by name. */
const RECORD = 'sha256.json';

export interface CacheOptions extends KeepOptions {
  /** Makes what is not kept yet, or cannot be read. */
  readonly make: () => IdxFolder<IdxArray>;
}

/**
 * Reads the IDX files kept in `folder`, or makes them and keeps them there. What cannot be kept stays in memory, and is
 * made again at the next start.
 * @throws DnaError `DATA_CORRUPT` if a file is no longer what was written
 */
export function readThroughCache(folder: string, options: CacheOptions): IdxFolder {
  const { files = nodeFiles } = options;
  const kept = orUnreadable(() => readCache(folder, files));
  if (kept) return kept;
  const contents = encodeFolder(options.make());
  const read = (name: string) => decodeIdx(contents.get(name)!, join(folder, name));
  const made = assembleFolder(folder, read);
  keepFolder(folder, withRecord(contents), options);
  return made;
}

/** A disk that fails to read serves as one on which there is nothing; damage is told. */
function orUnreadable<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DnaError) throw error;
    return undefined;
  }
}

function readCache(folder: string, files: FileLayer): IdxFolder | undefined {
  const fix = `Delete ${folder}; the next start makes it again.`;
  const content = ifExists(() => files.readFile(join(folder, RECORD)));
  if (!content) return undefined;
  const record = readRecord(content, join(folder, RECORD), fix);
  const bytes = new Map<string, Uint8Array | undefined>(
    Object.values(IDX_FILES).map((name) => [name, ifExists(() => files.readFile(join(folder, name)))]),
  );
  const missing = [...bytes].find(([, found]) => !found)?.[0];
  if (missing) throw dataCorrupt(folder, `${missing} is not there`, 'four IDX files', fix);
  return assembleFolder(folder, (name) => {
    const path = join(folder, name);
    const file = decodeIdx(bytes.get(name)!, path, fix);
    if (file.sha256 === record[name]) return file;
    throw dataCorrupt(path, `SHA-256 ${file.sha256}`, `SHA-256 ${record[name]}`, fix);
  });
}

function readRecord(content: Uint8Array, file: string, fix: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(new TextDecoder().decode(content)) as Record<string, string>;
  } catch (error) {
    throw dataCorrupt(file, (error as Error).message, 'JSON', fix);
  }
}

/** The bytes of each file by name. */
function encodeFolder({ train, test }: IdxFolder<IdxArray>): Map<string, Uint8Array> {
  return new Map([
    [IDX_FILES.trainImages, encodeIdx(train.images)],
    [IDX_FILES.trainLabels, encodeIdx(train.labels)],
    [IDX_FILES.testImages, encodeIdx(test.images)],
    [IDX_FILES.testLabels, encodeIdx(test.labels)],
  ]);
}

function withRecord(contents: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
  const record = Object.fromEntries([...contents].map(([name, bytes]) => [name, hash(bytes)]));
  return new Map([...contents, [RECORD, Buffer.from(`${JSON.stringify(record, null, 2)}\n`)]]);
}
