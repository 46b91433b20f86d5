import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portTaken } from './errors.js';
import { type PageNow, PageReader } from './page-reader.js';
import { shellPage } from './shell.js';

export interface LiveReportRequest {
  /** The run's folder. */
  readonly folder: string;
  /** Of the loopback address; 0: any that is free. @default 0 */
  readonly port?: number;
  /** Milliseconds between looks at the folder. @default 2000 */
  readonly every?: number;
}

/** A report that is served until it is closed. */
export interface LiveReport {
  /** What a browser on this machine opens; whoever does not know it is answered nothing. */
  readonly address: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const EVERY = 2000;

/**
 * Serves a run's report on the loopback address, under a path that is drawn, and tells open pages when it has changed, by
 * server-sent events. Asks nothing of another server and leaves the run alone.
 * @throws DnaError `RUN_NOT_FOUND`, `RUN_FORMAT`, `PORT_TAKEN`.
 */
export async function serveReport({
  folder,
  port = 0,
  every = EVERY,
}: LiveReportRequest): Promise<LiveReport> {
  const reader = await PageReader.open(folder);
  let now = (await reader.read())!;
  const open = new Set<ServerResponse>();
  const key = randomBytes(18).toString('base64url');
  const server = createServer((request, response) => {
    const name = nameOf(request, key);
    if (name === 'events') follow(response, { now, open });
    else if (name === '' || name === 'report') answer(response, name === '' ? shellPage(nonce()) : now.text);
    else response.writeHead(404).end();
  });
  await listen(server, port).catch((error: unknown) => {
    reader.close();
    throw portTaken(port, error);
  });
  const look = async () => {
    // What cannot be read while it is written is read at the next look.
    const changed = await reader.read().catch(() => undefined);
    if (!changed || (changed.text === now.text && changed.state === now.state)) return keepOpen(open);
    now = changed;
    for (const response of open) response.write(eventOf(now));
  };
  const timer = repeat(look, every);
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/${key}/`,
    close: async () => {
      await timer.end();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      reader.close();
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((listening, failed) => {
    server.once('error', failed);
    server.listen(port, LOOPBACK, listening);
  });
}

const nonce = () => randomBytes(16).toString('base64url');

/** What is asked for below the key; undefined for whoever does not know that, or comes by another name of this machine. */
function nameOf({ method, url = '', headers }: IncomingMessage, key: string): string | undefined {
  const host = headers.host?.replace(/:\d+$/, '');
  if (method !== 'GET' || (host !== LOOPBACK && host !== 'localhost')) return undefined;
  return url.startsWith(`/${key}/`) ? url.slice(key.length + 2) : undefined;
}

const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

function answer(response: ServerResponse, text: string): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(text);
}

function follow(
  response: ServerResponse,
  { now, open }: { readonly now: PageNow; readonly open: Set<ServerResponse> },
): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(eventOf(now));
  open.add(response);
  response.on('close', () => open.delete(response));
}

function eventOf({ state, complete }: PageNow): string {
  return `event: page\ndata: ${JSON.stringify({ state, complete })}\n\n`;
}

/** A remark, by which a connection that is gone is noticed. */
function keepOpen(open: ReadonlySet<ServerResponse>): void {
  for (const response of open) response.write(':\n\n');
}

/** Does something again and again, never twice at a time. */
function repeat(work: () => Promise<void>, every: number): { end(): Promise<void> } {
  let ended = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => {
      running = work().finally(() => {
        if (!ended) next();
      });
    }, every);
  };
  next();
  return {
    end: () => {
      ended = true;
      clearTimeout(timer);
      return running;
    },
  };
}
