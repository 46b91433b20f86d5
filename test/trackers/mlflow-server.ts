import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

interface Metric {
  readonly key: string;
  readonly step: number;
  readonly value: number;
}

interface Body {
  readonly name?: string;
  readonly experiment_id?: string;
  readonly run_id?: string;
  readonly run_name?: string;
  readonly status?: string;
  readonly metrics?: readonly Metric[];
  readonly params?: readonly { readonly key: string; readonly value: string }[];
}

/** What a request comes to: an answer; `loses`: it is kept, and the answer is lost; `fails`: 500; `hangs`: nothing. */
export type Mood = 'answers' | 'loses' | 'fails' | 'hangs' | 'refuses';

/** What of MLflow's REST interface a tracker asks for, in memory. */
export class FakeMlflow {
  readonly experiments: string[] = [];
  readonly runs: { readonly name: string; status: string }[] = [];
  readonly metrics: Metric[] = [];
  readonly params = new Map<string, string>();
  readonly authorizations = new Set<string | undefined>();
  requests = 0;
  /** Of the next requests; the last stays. */
  moods: Mood[] = ['answers'];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Key and step of each metric that came twice. */
  get twice(): string[] {
    const keys = this.metrics.map(({ key, step }) => `${key} ${step}`);
    return keys.filter((key, index) => keys.indexOf(key) !== index);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    this.authorizations.add(request.headers.authorization);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const mood = (this.moods.length > 1 ? this.moods.shift() : this.moods[0])!;
    if (mood === 'hangs') return;
    const status = { fails: 500, loses: 502, refuses: 403, answers: 200 }[mood];
    const answer =
      mood === 'fails' || mood === 'refuses' ? {} : this.#does(request.url ?? '', Buffer.concat(chunks));
    response.writeHead(answer ? status : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error_code: 'RESOURCE_DOES_NOT_EXIST' }));
  }

  /** Undefined for what there is not. */
  #does(url: string, bytes: Buffer): object | undefined {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const body = (bytes.length > 0 ? JSON.parse(bytes.toString()) : {}) as Body;
    switch (pathname.replace('/api/2.0/mlflow/', '')) {
      case 'experiments/get-by-name': {
        const found = this.experiments.indexOf(searchParams.get('experiment_name')!);
        return found < 0 ? undefined : { experiment: { experiment_id: String(found) } };
      }
      case 'experiments/create':
        return { experiment_id: String(this.experiments.push(body.name!) - 1) };
      case 'runs/create':
        return {
          run: { info: { run_id: `run-${this.runs.push({ name: body.run_name!, status: 'RUNNING' }) - 1}` } },
        };
      case 'runs/get':
        return this.#run(searchParams.get('run_id')!) && { run: { data: this.#data() } };
      case 'runs/update':
        this.#run(body.run_id!)!.status = body.status!;
        return {};
      case 'runs/log-batch':
        this.metrics.push(...(body.metrics ?? []));
        for (const { key, value } of body.params ?? []) this.params.set(key, value);
        return {};
      default:
        return undefined;
    }
  }

  #run(id: string) {
    return this.runs[Number(id.replace('run-', ''))];
  }

  /** The latest of each metric, with steps as texts, as the real one answers. */
  #data() {
    const latest = new Map(this.metrics.map((metric) => [metric.key, metric] as const));
    const params = [...this.params].map(([key, value]) => ({ key, value }));
    return { metrics: [...latest.values()].map((one) => ({ ...one, step: String(one.step) })), params };
  }
}

const started: FakeMlflow[] = [];

afterEach(() => {
  for (const server of started.splice(0)) server.stop();
});

/** A server that goes when the test is done. */
export async function fakeMlflow(): Promise<{ readonly server: FakeMlflow; readonly address: string }> {
  const server = new FakeMlflow();
  started.push(server);
  return { server, address: await server.start() };
}
