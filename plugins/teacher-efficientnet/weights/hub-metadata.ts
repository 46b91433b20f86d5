import { DnaError } from 'dna-nas/errors';
import { downloadFailed, hashUnknown, notOnHub } from './errors.js';
import type { HubReference } from './hub-reference.js';
import { withRetries } from './retries.js';

const ENDPOINT = 'https://huggingface.co';
const MOST_REDIRECTS = 5;

/** What the hub says about a file. */
export interface HubFile {
  readonly url: string;
  /** Of its content, lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** Where a file of the hub is, as the environment says: `HF_ENDPOINT` names a mirror. */
export function hubUrl({ repository, revision, file }: HubReference, env = process.env): string {
  const endpoint = (env.HF_ENDPOINT ?? ENDPOINT).replace(/\/+$/, '');
  return `${endpoint}/${repository}/resolve/${revision}/${file}`;
}

/**
 * Asks for a file's hash and size.
 * @throws DnaError `WEIGHTS_NOT_FOUND`, `WEIGHTS_DOWNLOAD`
 */
export async function hubMetadata(url: string): Promise<HubFile> {
  try {
    const { headers } = await withRetries(() => head(url));
    // Large files are kept elsewhere; `x-linked-…` is about them, the rest about the pointer.
    const tag = headers.get('x-linked-etag') ?? headers.get('etag') ?? '';
    const [sha256] = /[0-9a-f]{64}/.exec(tag.replace(/^W\//, '').toLowerCase()) ?? [];
    const size = Number(headers.get('x-linked-size') ?? headers.get('content-length') ?? Number.NaN);
    if (sha256 === undefined || !Number.isSafeInteger(size)) throw hashUnknown(url);
    return { url, sha256, size };
  } catch (error) {
    throw error instanceof DnaError ? error : downloadFailed(url, error);
  }
}

/** Follows a renamed repository's redirects, and stops at the one that leads to the content. */
async function head(url: string): Promise<Response> {
  let place = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(place, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { 'accept-encoding': 'identity' },
    });
    requireFound(response, url);
    const location = response.headers.get('location');
    if (response.status < 300 || response.headers.has('x-linked-etag') || location === null) return response;
    place = new URL(location, place).href;
  }
  throw new Error(`more than ${MOST_REDIRECTS} redirects`);
}

/** @throws DnaError where asking again cannot help, Error where it may */
export function requireFound({ status }: Response, url: string): void {
  if ([401, 403, 404, 410].includes(status)) throw notOnHub(url, status);
  if (status >= 400) throw new Error(`the server answered ${status}`);
}
