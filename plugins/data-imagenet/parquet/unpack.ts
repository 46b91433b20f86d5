import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorFromPlain, grouped } from 'dna-nas/errors';
import { attempt, nodeFiles, partial, sweepPartial, writeAtomically, writeFailed } from 'dna-nas/files';
import { parquetInvalid } from '../errors.js';
import { stampOf } from '../index-cache.js';
import type { UnpackedImages, UnpackOrder, UnpackReply } from './messages.js';

/** What is unpacked where. */
export interface UnpackRequest extends Pick<UnpackOrder, 'options'> {
  /** Folder of the data, and the file below it. */
  readonly root: string;
  readonly name: string;
  /** Folder that unpacked files are kept in, each in a folder of its own. */
  readonly cache: string;
  /** Is told that it takes its time. */
  readonly noticed: (text: string) => void;
}

/** The images of one file, and the file that holds them. */
export interface Unpacked {
  readonly images: UnpackedImages;
  readonly place: string;
}

const IMAGES = 'images';
const INDEX = 'index.json';
/** Megabytes of JavaScript values: rows and counts, no bytes of images. */
const MOST_HEAP = 384;

/** Files that this process unpacks now. */
let unpacking = 0;

/**
 * The images of a Parquet file, unpacked once for all runs: those of its compressed row groups could not be read one by
 * one. The folder appears whole or not at all.
 * @throws DnaError `DATA_PARQUET`, `DATA_LIST_COLUMN`; `STORE_WRITE` where they cannot be kept
 */
export async function unpackParquet(request: UnpackRequest): Promise<Unpacked> {
  const { root, name, cache, noticed } = request;
  const folder = join(cache, keyOf(request));
  const place = join(folder, IMAGES);
  const known = readIndex(folder);
  if (known) return { images: known, place };
  const megabytes = grouped(Math.ceil(statSync(join(root, name)).size / 2 ** 20));
  noticed(`The images of ${name} (${megabytes} MiB) are unpacked, once, into ${cache}.`);
  const draft = partial(folder);
  // While this process unpacks, what bears its number is its own.
  if (unpacking === 0) sweepPartial(cache);
  unpacking++;
  try {
    makeFolder(draft);
    const images = await unpackElsewhere(request, join(draft, IMAGES));
    writeAtomically(nodeFiles, join(draft, INDEX), Buffer.from(JSON.stringify(images)));
    publish(draft, folder);
    return { images, place };
  } finally {
    unpacking--;
    attempt(() => rmSync(draft, { recursive: true, force: true }));
  }
}

/** Of what the file is and of how it is read. */
function keyOf({ root, name, options: { list, labels } }: UnpackRequest): string {
  const { size } = statSync(join(root, name));
  const state = [root, stampOf(root, name), size, list.file, list.label, labels];
  return createHash('sha256').update(JSON.stringify(state)).digest('hex').slice(0, 32);
}

function readIndex(folder: string): UnpackedImages | undefined {
  try {
    const images = JSON.parse(readFileSync(join(folder, INDEX), 'utf8')) as UnpackedImages;
    const { names, offsets, sizes } = images;
    const isWhole = [offsets, sizes].every(({ length }) => length === names.length);
    return isWhole && existsSync(join(folder, IMAGES)) ? images : undefined;
  } catch {
    return undefined;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw writeFailed(folder, 0, error);
  }
}

/** Another process may have been faster: what it made is the same. */
function publish(draft: string, folder: string): void {
  try {
    if (!readIndex(folder)) rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
  } catch (error) {
    if (!readIndex(folder)) throw writeFailed(folder, 0, error);
  }
}

/** In a process of its own: a thread that runs out of memory takes the whole process along. */
function unpackElsewhere({ root, name, options }: UnpackRequest, images: string): Promise<UnpackedImages> {
  const order: UnpackOrder = { file: join(root, name), shown: name, images, options };
  const child = fork(fileURLToPath(new URL('./unpack-process.js', import.meta.url)), {
    execArgv: [`--max-old-space-size=${MOST_HEAP}`],
    // What the engine says of a lack of memory is for its developers.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.send(order);
  return new Promise((resolve, reject) => {
    child.once('message', (told: UnpackReply) =>
      'error' in told ? reject(errorFromPlain(told.error)) : resolve(told.unpacked),
    );
    child.once('error', (error) => reject(parquetInvalid(name, `it cannot be read: ${error.message}`)));
    child.once('exit', () => reject(parquetInvalid(name, `reading it takes more memory than images do`)));
  });
}
