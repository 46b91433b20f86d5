import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { downloadFile } from './download-file.js';
import { offline, wrongHash } from './errors.js';
import { type HubFile, hubMetadata, hubUrl } from './hub-metadata.js';
import { formatHubReference, type HubReference } from './hub-reference.js';

/** Where downloaded weights are kept: `DNA_WEIGHTS`, else `dna-nas/weights` of the user's cache. */
export function weightsFolder(env = process.env): string {
  return env.DNA_WEIGHTS ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dna-nas', 'weights');
}

/** A file in the cache and the hash that the hub gave it. */
export interface CachedFile {
  readonly file: string;
  readonly sha256: string;
}

/**
 * A file of the hub on this disk, downloaded at its first use and not asked for again. A download that broke off goes
 * on where it stopped, also in another process.
 * @throws DnaError `WEIGHTS_NOT_FOUND`, `WEIGHTS_DOWNLOAD`, `WEIGHTS_HASH`
 */
export async function cachedHubFile(
  reference: HubReference,
  noticed: (text: string) => void,
): Promise<CachedFile> {
  const { repository, revision, file: name } = reference;
  const file = join(weightsFolder(), `${repository}@${revision}`, name);
  const kept = readCached(file);
  if (kept) return kept;
  const url = hubUrl(reference);
  if (/^(1|on|yes|true)$/i.test(process.env.HF_HUB_OFFLINE ?? '')) throw offline(url, dirname(file));
  const remote = await hubMetadata(url);
  const megabytes = (remote.size / 2 ** 20).toFixed(1);
  noticed(`Downloading ${formatHubReference(reference)}, ${megabytes} MiB, into ${dirname(file)}.`);
  await fetchInto(file, remote);
  return { file, sha256: remote.sha256 };
}

/** Throws away a file that is not what was downloaded, and says so. */
export function refuseCached({ file, sha256 }: CachedFile, found: string): never {
  rmSync(file, { force: true });
  throw wrongHash(file, found, sha256);
}

/** A file is complete where its note stands beside it, which is written before the file gets its name. */
function readCached(file: string): CachedFile | undefined {
  if (!existsSync(file) || !existsSync(noteOf(file))) return undefined;
  try {
    const { sha256, size } = JSON.parse(readFileSync(noteOf(file), 'utf8')) as Partial<HubFile>;
    const sound = typeof sha256 === 'string' && statSync(file).size === size;
    return sound ? { file, sha256 } : undefined;
  } catch {
    return undefined;
  }
}

function noteOf(file: string): string {
  return `${file}.json`;
}

async function fetchInto(file: string, remote: HubFile): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const partial = adoptPartial(file, remote.sha256);
  await downloadFile(remote, partial);
  writeFileSync(noteOf(file), `${JSON.stringify(remote, null, 2)}\n`);
  renameSync(partial, file);
}

/** The partial file of this thread; what a process that is gone has left of the same content becomes it. */
function adoptPartial(file: string, sha256: string): string {
  const stem = `${basename(file)}.${sha256.slice(0, 16)}`;
  const own = join(dirname(file), `${stem}.${process.pid}-${threadId}.partial`);
  for (const name of readdirSync(dirname(file))) {
    const [, content, pid] = /^(.+)\.(\d+)-\d+\.partial$/.exec(name) ?? [];
    if (existsSync(own) || content !== stem || isAlive(Number(pid))) continue;
    try {
      renameSync(join(dirname(file), name), own);
    } catch {
      // Another process was faster.
    }
  }
  return own;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
