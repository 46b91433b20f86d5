import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HubFault {
  /** Bytes after which each answer breaks off. */
  readonly breakAfter?: number;
  /** Answers that break off; the rest are whole. @default all */
  readonly breaks?: number;
  /** What the server sends in place of the file. */
  readonly other?: Uint8Array;
  /** Whether ranges are ignored. */
  readonly wholeOnly?: boolean;
  /** Status of every answer. */
  readonly status?: number;
  /** Whether no hash is told. */
  readonly silent?: boolean;
  /** Bytes that the file is said to have. @default those that it has */
  readonly size?: number;
}

/** A server that behaves as the hub: a pointer with hash and size, and content elsewhere, in ranges. */
export interface HubServer {
  readonly endpoint: string;
  /** `METHOD /path [range]` of each request. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function hubServer(
  files: Readonly<Record<string, Uint8Array>>,
  fault: HubFault = {},
): Promise<HubServer> {
  const requests: string[] = [];
  let broken = 0;
  const server = createServer((request, response) => {
    requests.push([request.method, request.url, request.headers.range].filter(Boolean).join(' '));
    const content = files[request.url!.replace(/^\/content/, '')];
    if (fault.status !== undefined) return void response.writeHead(fault.status).end();
    if (!content) return void response.writeHead(404).end();
    if (!request.url!.startsWith('/content')) return point(request, response, content, fault);
    const isBroken = fault.breakAfter !== undefined && broken < (fault.breaks ?? Number.POSITIVE_INFINITY);
    if (isBroken) broken++;
    send(request, response, { content: fault.other ?? content, fault, isBroken });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function point(
  request: IncomingMessage,
  response: ServerResponse,
  content: Uint8Array,
  { silent, size = content.length }: HubFault,
) {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const linked = silent ? {} : { 'x-linked-etag': `"${sha256}"`, 'x-linked-size': size };
  response
    .writeHead(302, { location: `/content${request.url}`, etag: '"0123456789abcdef"', ...linked })
    .end();
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { content, fault, isBroken }: { content: Uint8Array; fault: HubFault; isBroken: boolean },
) {
  const from = fault.wholeOnly ? 0 : Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const part = content.subarray(from);
  const range = { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` };
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': part.length, ...(from > 0 && range) });
  if (request.method === 'HEAD') return response.end();
  if (!isBroken) return response.end(part);
  // What arrives together with the break is lost to the reader.
  response.write(part.subarray(0, fault.breakAfter), () => setTimeout(() => response.destroy(), 30));
}
