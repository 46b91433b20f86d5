import { setTimeout as pause } from 'node:timers/promises';
import { LastSteps } from 'dna-nas/run-tools/tracking';
import { type KeyValue, MlflowClient, type MlflowMetric, Refused } from './client.js';

/** Values that wait for a server; where there are more, the oldest are left out. */
const MOST_WAITING = 50_000;
/** Of one request, as the server takes them. */
const BATCH = { metrics: 1000, params: 100 } as const;

export interface SenderOptions {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly experiment: string;
  /** Name of the run. */
  readonly name: string;
  readonly params: readonly KeyValue[];
  /** The run's id on the server, where an earlier start has made one. */
  readonly runId: string | undefined;
  /** Keeps the id of a run that was made now. */
  keepRunId(runId: string): void;
  /** Told once that something is amiss, and once that all is well again. */
  noticed(text: string): void;
  /** Milliseconds between requests, of one of them at most, and after one that failed, at first and at most. */
  readonly times?: {
    readonly every: number;
    readonly request: number;
    readonly after: readonly [number, number];
  };
}

/** Milliseconds that the end waits for a server that is well: for two requests and a hasty start of the process. */
const LEAST_FOR_WELL = 2000;

const TIMES = { every: 2000, request: 10_000, after: [5000, 120_000] } as const;

/** How a run ends on the server. */
export type RunStatus = 'FINISHED' | 'FAILED' | 'KILLED';

/**
 * Sends values to an MLflow server, some at a time and beside the run. It never throws: a server that hangs, fails or is
 * gone is asked again, less and less often. Before it sends, and again after each failure, it asks which steps the server
 * has, so that none is there twice.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #times: NonNullable<SenderOptions['times']>;
  readonly #client: MlflowClient;
  readonly #ended = new AbortController();
  /** Ends pauses. */
  readonly #hurry = new AbortController();
  #waiting: MlflowMetric[] = [];
  #runId: string | undefined;
  /** Of the server; undefined while they have to be asked for. */
  #last: LastSteps | undefined;
  #sending: Promise<void> | undefined;
  #failures = 0;
  #gaveUp = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#times = options.times ?? TIMES;
    this.#runId = options.runId;
    const { server, headers } = options;
    this.#client = new MlflowClient({
      server,
      headers,
      milliseconds: this.#times.request,
      signal: this.#ended.signal,
    });
  }

  /** Values that are not sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  add(key: string, step: number, value: number): void {
    if (this.#gaveUp || !Number.isFinite(value) || this.#last?.isNew(key, step) === false) return;
    this.#waiting.push({ key, step, value, timestamp: Date.now() });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    this.#sending ??= this.#sendAll();
  }

  /**
   * Sends what waits and how the run ended, as far as the time goes; a server that answered last is given twice of it, and
   * two seconds at least.
   */
  async close(status: RunStatus, milliseconds: number): Promise<void> {
    this.#hurry.abort();
    const last = async () => {
      await this.#sending;
      if (this.#gaveUp || this.#failures > 0) return;
      await this.#connect();
      await this.#client.updateRun({ run_id: this.#runId!, status, end_time: Date.now() });
    };
    const most = this.#last ? Math.max(2 * milliseconds, LEAST_FOR_WELL) : milliseconds;
    const limit = pause(most, undefined, { ref: false });
    await Promise.race([last().catch(() => undefined), limit]);
    this.#ended.abort();
    this.#gaveUp = true;
  }

  async #sendAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#gaveUp) {
      try {
        await this.#connect();
        await this.#sendBatch();
        this.#recovered();
        await this.#pause(this.#times.every);
      } catch (error) {
        if (this.#failed(error)) break;
        await this.#pause(this.#delay());
      }
    }
    this.#sending = undefined;
  }

  async #sendBatch(): Promise<void> {
    const metrics = this.#waiting
      .slice(0, BATCH.metrics)
      .filter(({ key, step }) => this.#last!.isNew(key, step));
    const taken = this.#waiting.slice(0, BATCH.metrics);
    if (metrics.length > 0) await this.#client.logBatch({ run_id: this.#runId!, metrics });
    for (const { key, step } of metrics) this.#last!.keep(key, step);
    // While it was sent, others were added, and the oldest may have been left out.
    const sent = new Set(taken);
    this.#waiting = this.#waiting.filter((one) => !sent.has(one));
  }

  /** Finds the run on the server, or makes it, and what the server has of it. */
  async #connect(): Promise<void> {
    if (this.#last) return;
    const known = this.#runId === undefined ? undefined : await this.#client.run(this.#runId);
    if (!known) await this.#create();
    else await this.#client.updateRun({ run_id: this.#runId!, status: 'RUNNING' });
    const had = new Set(known?.params.map(({ key }) => key));
    const params = this.#options.params.filter(({ key }) => !had.has(key));
    for (let at = 0; at < params.length; at += BATCH.params)
      await this.#client.logBatch({ run_id: this.#runId!, params: params.slice(at, at + BATCH.params) });
    const last = new LastSteps();
    for (const { key, step } of known?.metrics ?? []) last.keep(key, step);
    this.#last = last;
  }

  async #create(): Promise<void> {
    const { experiment, name, keepRunId } = this.#options;
    const experiment_id = await this.#client.experiment(experiment);
    const tags = [{ key: 'mlflow.source.name', value: 'dna-nas' }];
    this.#runId = await this.#client.createRun({
      experiment_id,
      run_name: name,
      start_time: Date.now(),
      tags,
    });
    keepRunId(this.#runId);
  }

  /** Whether to stop for good: at the end of the run, or where the server will never take it. */
  #failed(error: unknown): boolean {
    // What the server has is not known any more: an answer may have been lost.
    this.#last = undefined;
    this.#failures += 1;
    const reason = reasonOf(error);
    const { server, noticed } = this.#options;
    if (error instanceof Refused && !error.passing) {
      this.#gaveUp = true;
      noticed(`Nothing more is told to the MLflow server ${server}: ${reason}.`);
    } else if (this.#failures === 1) {
      noticed(
        `The MLflow server ${server} cannot be told of the run now: ${reason}. The run goes on; it is asked again.`,
      );
    }
    return this.#gaveUp || this.#hurry.signal.aborted;
  }

  #recovered(): void {
    if (this.#failures > 0)
      this.#options.noticed(`The MLflow server ${this.#options.server} is told of the run again.`);
    this.#failures = 0;
  }

  #delay(): number {
    const [first, most] = this.#times.after;
    return Math.min(most, first * 2 ** (this.#failures - 1));
  }

  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#hurry;
    await pause(milliseconds, undefined, { ref: false, signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return 'it does not answer';
  return (cause as Error | undefined)?.message || message;
}
