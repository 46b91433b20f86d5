import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { DnaError } from 'dna-nas/errors';
import { attempt, type FileLayer, makeFolder, nodeFiles, writeAtomically, writeFailed } from 'dna-nas/files';
import { FileArrival, MemoryArrival } from './arrival.js';
import { downloadFile } from './download-file.js';
import { notKept, offline, wrongHash } from './errors.js';
import { type HubFile, hubMetadata, hubUrl } from './hub-metadata.js';
import { formatHubReference, type HubReference } from './hub-reference.js';

/** Larger files are not held in memory, where a run may have them once a thread. timm's EfficientNet-B7 has 254 MiB. */
const MOST_IN_MEMORY = 2 ** 29;

/** Where downloaded weights are kept: `DNA_WEIGHTS`, else `dna-nas/weights` of the user's cache. */
export function weightsFolder(env = process.env): string {
  return env.DNA_WEIGHTS ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dna-nas', 'weights');
}

/** A file of the hub and the hash that the hub gave it. */
export interface CachedFile {
  /** Where it is kept, or would be. */
  readonly file: string;
  readonly sha256: string;
  /** Its content, where it could not be kept. */
  readonly bytes?: Uint8Array;
}

export interface HubTools {
  readonly noticed: (text: string) => void;
  /** @default the real disk */
  readonly files?: FileLayer | undefined;
}

/** Files that could not be kept, by where they would be. A worker reads its teacher once and need not hold it. */
const held = new Map<string, CachedFile>();

/**
 * A file of the hub, downloaded at its first use into the cache and not asked for again. A download that broke off goes
 * on where it stopped, also in another process. Where the cache cannot be written, the file is held in memory.
 * @throws DnaError `WEIGHTS_NOT_FOUND`, `WEIGHTS_DOWNLOAD`, `WEIGHTS_HASH`, `WEIGHTS_NOT_KEPT`
 */
export async function cachedHubFile(
  reference: HubReference,
  { noticed, files = nodeFiles }: HubTools,
): Promise<CachedFile> {
  const { repository, revision, file: name } = reference;
  const file = join(weightsFolder(), `${repository}@${revision}`, name);
  const kept = readCached(files, file) ?? held.get(file);
  if (kept) return kept;
  const url = hubUrl(reference);
  if (/^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '')) throw offline(url, dirname(file));
  const remote = await hubMetadata(url);
  const megabytes = (remote.size / 2 ** 20).toFixed(1);
  noticed(`Downloading ${formatHubReference(reference)}, ${megabytes} MiB, into ${dirname(file)}.`);
  const problem = await fetchInto(files, file, remote);
  if (!problem) return { file, sha256: remote.sha256 };
  if (remote.size > MOST_IN_MEMORY)
    throw notKept(url, { folder: dirname(file), most: MOST_IN_MEMORY }, problem);
  noticed(
    `The weights cannot be kept; they are held in memory, and the next start downloads them again. ${problem.message}`,
  );
  return hold(file, remote);
}

/** Throws away a file that is not what was downloaded, and says so. */
export function refuseCached({ file, sha256 }: CachedFile, found: string): never {
  attempt(() => nodeFiles.unlink(file));
  throw wrongHash(file, found, sha256);
}

/** A file is complete where its note stands beside it, which is written before the file gets its name. */
function readCached(files: FileLayer, file: string): CachedFile | undefined {
  try {
    const note = new TextDecoder().decode(files.readFile(noteOf(file)));
    const { sha256, size } = JSON.parse(note) as Partial<HubFile>;
    const sound = typeof sha256 === 'string' && files.stat(file).bytes === size;
    return sound ? { file, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

function noteOf(file: string): string {
  return `${file}.json`;
}

/** Downloads into the cache; what the disk refuses is returned. */
async function fetchInto(files: FileLayer, file: string, remote: HubFile): Promise<DnaError | undefined> {
  let arrival: FileArrival | undefined;
  try {
    const folder = dirname(file);
    onDisk(file, () => makeFolder(files, folder));
    arrival = new FileArrival(files, adoptPartial(files, file, remote.sha256));
    await downloadFile(remote, arrival);
    const { path } = arrival;
    onDisk(file, () => {
      writeAtomically(files, noteOf(file), Buffer.from(`${JSON.stringify(remote, null, 2)}\n`));
      files.rename(path, file);
      files.syncFolder(folder);
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof DnaError && error.code.startsWith('STORE_'))) throw error;
    // A disk that is full should not stay so for the sake of a part.
    arrival?.remove();
    return error;
  }
}

async function hold(file: string, remote: HubFile): Promise<CachedFile> {
  const arrival = new MemoryArrival(remote.size);
  await downloadFile(remote, arrival);
  const found = { file, sha256: remote.sha256, bytes: arrival.read() };
  if (isMainThread) held.set(file, found);
  return found;
}

function onDisk(file: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw writeFailed(file, 0, error);
  }
}

/** The partial file of this thread; what a process that is gone has left of the same content becomes it. */
function adoptPartial(files: FileLayer, file: string, sha256: string): string {
  const folder = dirname(file);
  const stem = `${basename(file)}.${sha256.slice(0, 16)}`;
  const own = `${stem}.${process.pid}-${threadId}.partial`;
  const names = attemptList(files, folder);
  const left = names.find((name) => {
    const [, content, pid] = /^(.+)\.(\d+)-\d+\.partial$/.exec(name) ?? [];
    return content === stem && !isAlive(Number(pid));
  });
  // Another process may be faster.
  if (left !== undefined && !names.includes(own))
    attempt(() => files.rename(join(folder, left), join(folder, own)));
  return join(folder, own);
}

function attemptList(files: FileLayer, folder: string): string[] {
  try {
    return files.readdir(folder);
  } catch {
    return [];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
