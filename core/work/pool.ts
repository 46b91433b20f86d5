import { Worker } from 'node:worker_threads';
import { errorFromPlain } from 'dna-nas/errors';
import type { BackendDescription } from '../contracts/index.js';
import { devicesDiffer, workerDied } from '../errors.js';
import type { TeacherTrial } from '../run/teacher-check.js';
import type { CellRatings, SearchResult, Task, TaskEvents } from '../stages/index.js';
import type { TaskClaims } from '../store/index.js';
import { executeClaimed } from './claimed-task.js';
import { longestFirst } from './deal.js';
import type { BundleOrder, FromWorker, ToWorker, WorkerStart } from './messages.js';
import type { Placement } from './place-workers.js';

type Reply = Extract<FromWorker, { kind: 'ready' | 'done' | 'checked' | 'found' }>;

/** One worker thread; it does one thing at a time. */
class PoolWorker {
  readonly #worker: Worker;
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | undefined;
  readonly ready: Promise<Reply>;

  constructor(start: WorkerStart, events: TaskEvents) {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: start });
    this.ready = this.#reply();
    // A failed start is reported by whoever awaits `ready`; until then it must not end the process.
    this.ready.catch(() => undefined);
    this.#worker.on('message', (message: FromWorker) => this.#receive(message, events));
    this.#worker.on('error', (error) => this.#fail(workerDied(error)));
    this.#worker.on('exit', (code) => this.#fail(workerDied(new Error(`it ended with exit code ${code}`))));
  }

  #reply(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #receive(message: FromWorker, events: TaskEvents): void {
    if (message.kind === 'events') {
      for (const [name, event] of message.events)
        (events[name] as (...values: readonly unknown[]) => void)(...event);
      return;
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (message.kind === 'failed') waiting?.reject(errorFromPlain(message.error));
    else waiting?.resolve(message);
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  async ask(message: ToWorker): Promise<Reply> {
    await this.ready;
    const reply = this.#reply();
    this.#worker.postMessage(message);
    return reply;
  }

  async close(): Promise<void> {
    this.#waiting = undefined;
    await this.#worker.terminate();
  }
}

/** Where the tasks of a run are executed. */
export interface TaskPool {
  /** Bundles that are executed at the same time, at most. */
  readonly size: number;
  /** Waits until all backends run. @throws DnaError `DEVICES_DIFFER` where not all give the same bits. */
  backend(): Promise<BackendDescription>;
  /** @param data another thread's `Dataset.shared()` */
  openWorld(data: unknown): Promise<void>;
  /** Throws if no network can meet the limits of the search. */
  checkSearch(): Promise<void>;
  /** Tries the teacher on some images. */
  checkTeacher(): Promise<TeacherTrial>;
  search(ratings: readonly CellRatings[]): Promise<SearchResult>;
  /** Asks all to save and stop at the next step. */
  stop(): void;
  /** All bundles at the same time; their tasks are claimed. */
  executeTogether(orders: readonly BundleOrder[]): Promise<void>;
  /** One task a call, longest first; those that others have claimed by its turn are left out. Ids of the others. */
  executeApart(tasks: readonly Task[], claims: TaskClaims): Promise<ReadonlySet<string>>;
  close(): Promise<void>;
}

/** What all threads of a pool are born with. */
export type PoolStart = Omit<WorkerStart, 'stop' | 'workers' | 'place'> &
  Partial<Pick<WorkerStart, 'workers'>>;

/** The run's worker threads: each has the plugins, the backend and the world of its own. */
export class WorkerPool implements TaskPool {
  readonly #workers: PoolWorker[];
  readonly #stop: Int32Array;

  /** @param placement a place a worker. */
  constructor(placement: Placement, start: PoolStart, events: TaskEvents) {
    const stop = new SharedArrayBuffer(4);
    this.#stop = new Int32Array(stop);
    const { workers = placement.length } = start;
    this.#workers = placement.map((place) => new PoolWorker({ ...start, workers, place, stop }, events));
  }

  get size(): number {
    return this.#workers.length;
  }

  async backend(): Promise<BackendDescription> {
    const replies = await Promise.all(this.#workers.map((worker) => worker.ready));
    const backends = replies.map((reply) => {
      if (reply.kind !== 'ready') throw workerDied(new Error('it did not start its backend'));
      return reply.backend;
    });
    const [first] = backends as [BackendDescription];
    const other = backends.find(({ numerics }) => numerics !== first.numerics);
    if (other) throw devicesDiffer(first.numerics, other.numerics);
    return first;
  }

  async openWorld(data: unknown): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.ask({ kind: 'openWorld', data })));
  }

  async checkSearch(): Promise<void> {
    await this.#workers[0]!.ask({ kind: 'checkSearch' });
  }

  async checkTeacher(): Promise<TeacherTrial> {
    const reply = await this.#workers[0]!.ask({ kind: 'checkTeacher' });
    if (reply.kind !== 'checked') throw workerDied(new Error('it did not say how its teacher does'));
    return reply.trial;
  }

  async search(ratings: readonly CellRatings[]): Promise<SearchResult> {
    const reply = await this.#workers[0]!.ask({ kind: 'search', ratings });
    if (reply.kind !== 'found') throw workerDied(new Error('it did not say what its search found'));
    return reply.result;
  }

  stop(): void {
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0);
  }

  /** One bundle a worker. */
  async executeTogether(orders: readonly BundleOrder[]): Promise<void> {
    await this.#all(orders.map((order, index) => this.#workers[index]!.ask({ kind: 'execute', order })));
  }

  /** Each task to the first worker that is free. */
  async executeApart(tasks: readonly Task[], claims: TaskClaims): Promise<ReadonlySet<string>> {
    const executed = new Set<string>();
    const queue = longestFirst(tasks);
    const serve = async (worker: PoolWorker, index: number) => {
      for (let task = queue.shift(); task; task = queue.shift()) {
        const executes = executeClaimed(task, claims, (order) =>
          worker.ask({ kind: 'execute', order: { ...order, index, count: this.size } }),
        );
        if (await executes) executed.add(task.id);
      }
    };
    await this.#all(this.#workers.map(serve));
    return executed;
  }

  /** Waits for all; at the first failure the others are asked to stop, and that failure is thrown. */
  async #all(work: readonly Promise<unknown>[]): Promise<void> {
    let failure: { error: unknown } | undefined;
    const watched = work.map((promise) =>
      promise.catch((error: unknown) => {
        failure ??= { error };
        this.stop();
      }),
    );
    await Promise.all(watched);
    if (failure) throw failure.error;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }
}
