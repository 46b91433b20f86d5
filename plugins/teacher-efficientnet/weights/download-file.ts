import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DnaError } from 'dna-nas/core';
import { downloadFailed, wrongHash } from './errors.js';
import { type HubFile, requireFound } from './hub-metadata.js';
import { withRetries } from './retries.js';

/**
 * Downloads a file to `partial`, going on from what lies there, and checks it.
 * @throws DnaError `WEIGHTS_DOWNLOAD` (what has arrived stays), `WEIGHTS_HASH` (nothing stays), `WEIGHTS_NOT_FOUND`
 */
export async function downloadFile(file: HubFile, partial: string): Promise<void> {
  const arrived = () => statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
  try {
    await withRetries(() => receive(file, partial, arrived()), arrived);
  } catch (error) {
    throw error instanceof DnaError ? error : downloadFailed(file.url, error, arrived());
  }
  const found = await sha256Of(partial);
  if (found === file.sha256) return;
  rmSync(partial);
  throw wrongHash(`What ${file.url} sent`, found, file.sha256);
}

/** One request for what is missing from byte `from` on. @throws Error where it breaks off */
async function receive({ url, size }: HubFile, partial: string, from: number): Promise<void> {
  if (from === size) return;
  const first = from < size ? from : 0;
  const range: Record<string, string> = first > 0 ? { range: `bytes=${first}-` } : {};
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...range } });
  requireFound(response, url);
  const start = response.status === 206 ? rangeStart(response) : 0;
  if (start !== first && start !== 0) throw new Error(`the server sends from byte ${start}, not ${first}`);
  const handle = await open(partial, 'a');
  try {
    await handle.truncate(start);
    await append(handle, response);
    await handle.sync();
  } finally {
    await handle.close();
  }
  const { size: arrived } = statSync(partial);
  if (arrived < size) throw new Error(`it ended after ${arrived} of ${size} bytes`);
}

async function append(handle: FileHandle, response: Response): Promise<void> {
  for await (const chunk of response.body ?? []) await handle.write(chunk as Uint8Array);
}

/** First byte of a partial answer: `Content-Range: bytes 100-999/1000`. */
function rangeStart({ headers }: Response): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

/** SHA-256 of a file's content, read in pieces. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}
