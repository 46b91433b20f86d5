import { createHash } from 'node:crypto';
import { DnaError } from 'dna-nas/errors';
import type { Arrival } from './arrival.js';
import { downloadFailed, wrongHash } from './errors.js';
import { type HubFile, requireFound } from './hub-metadata.js';
import { withRetries } from './retries.js';

/**
 * Downloads a file, going on from what has arrived, and checks it.
 * @throws DnaError `WEIGHTS_DOWNLOAD` (what has arrived stays), `WEIGHTS_HASH` (nothing stays), `WEIGHTS_NOT_FOUND`,
 * `STORE_DISK_FULL` or `STORE_WRITE_FAILED`
 */
export async function downloadFile(file: HubFile, arrival: Arrival): Promise<void> {
  try {
    await withRetries(
      () => receive(file, arrival),
      () => arrival.size,
    );
  } catch (error) {
    throw error instanceof DnaError ? error : downloadFailed(file.url, error, arrival.size);
  }
  const found = createHash('sha256').update(arrival.read()).digest('hex');
  if (found === file.sha256) return;
  arrival.remove();
  throw wrongHash(`What ${file.url} sent`, found, file.sha256);
}

/** One request for what is missing. @throws Error where it breaks off */
async function receive({ url, size }: HubFile, arrival: Arrival): Promise<void> {
  const from = arrival.size;
  if (from === size) return;
  const first = from < size ? from : 0;
  const range: Record<string, string> = first > 0 ? { range: `bytes=${first}-` } : {};
  const response = await fetch(url, { headers: { 'accept-encoding': 'identity', ...range } });
  requireFound(response, url);
  const start = response.status === 206 ? rangeStart(response) : 0;
  if (start !== first && start !== 0) throw new Error(`the server sends from byte ${start}, not ${first}`);
  try {
    arrival.begin(start);
    for await (const chunk of response.body ?? []) arrival.append(chunk as Uint8Array);
  } finally {
    arrival.end();
  }
  if (arrival.size < size) throw new Error(`it ended after ${arrival.size} of ${size} bytes`);
}

/** First byte of a partial answer: `Content-Range: bytes 100-999/1000`. */
function rangeStart({ headers }: Response): number {
  return Number(/^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}
