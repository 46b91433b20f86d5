/** A metric as MLflow keeps it: the value of a step, with when it was measured in milliseconds since 1970. */
export interface MlflowMetric {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** What a server knows of a run. */
export interface KnownRun {
  /** The latest of each key. */
  readonly metrics: readonly Pick<MlflowMetric, 'key' | 'step'>[];
  readonly params: readonly KeyValue[];
}

/** An answer that says no. */
export class Refused extends Error {
  /** Whether asking again could help: the server is at fault, or busy. */
  readonly passing: boolean;

  constructor(
    readonly status: number,
    text: string,
  ) {
    super(text);
    this.passing = status >= 500 || status === 408 || status === 429;
  }
}

export interface ClientOptions {
  /** `http://127.0.0.1:5000` */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of one request. */
  readonly milliseconds: number;
  /** Ends all requests. */
  readonly signal: AbortSignal;
}

/** What of MLflow's REST interface, version 2.0, a tracker needs. Each method throws `Refused`, or what `fetch` throws. */
export class MlflowClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Id of an experiment, which is made if there is none. */
  async experiment(name: string): Promise<string> {
    const query = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
    const found = await this.#get(query).catch(unlessMissing);
    if (found) return (found.experiment as { experiment_id: string }).experiment_id;
    return (await this.#post('experiments/create', { name })).experiment_id as string;
  }

  async createRun(run: {
    readonly experiment_id: string;
    readonly run_name: string;
    readonly start_time: number;
    readonly tags: readonly KeyValue[];
  }): Promise<string> {
    const created = (await this.#post('runs/create', run)).run as { info: { run_id: string } };
    return created.info.run_id;
  }

  /** Undefined where the server has no such run. */
  async run(runId: string): Promise<KnownRun | undefined> {
    const found = await this.#get(`runs/get?run_id=${encodeURIComponent(runId)}`).catch(unlessMissing);
    const { data = {} } = (found?.run ?? {}) as { data?: Partial<KnownRun> };
    const { metrics = [], params = [] } = data;
    // Whole numbers of 64 bits come as texts.
    return found && { metrics: metrics.map(({ key, step }) => ({ key, step: Number(step ?? 0) })), params };
  }

  async logBatch(batch: {
    readonly run_id: string;
    readonly metrics?: readonly MlflowMetric[];
    readonly params?: readonly KeyValue[];
  }): Promise<void> {
    await this.#post('runs/log-batch', batch);
  }

  async updateRun(run: {
    readonly run_id: string;
    readonly status: string;
    readonly end_time?: number;
  }): Promise<void> {
    await this.#post('runs/update', run);
  }

  #get(path: string): Promise<Record<string, unknown>> {
    return this.#ask(path, {});
  }

  #post(path: string, body: object): Promise<Record<string, unknown>> {
    return this.#ask(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async #ask(path: string, request: RequestInit): Promise<Record<string, unknown>> {
    const { server, headers, milliseconds, signal } = this.#options;
    const response = await fetch(`${server.replace(/\/+$/, '')}/api/2.0/mlflow/${path}`, {
      ...request,
      headers: { 'content-type': 'application/json', ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]),
    });
    const text = await response.text();
    if (!response.ok) throw new Refused(response.status, `it answered ${response.status}`);
    return JSON.parse(text || '{}') as Record<string, unknown>;
  }
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Refused && error.status === 404) return undefined;
  throw error;
}
