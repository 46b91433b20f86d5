import { Worker } from 'node:worker_threads';
import { errorFromPlain } from 'dna-nas/errors';
import { CONTROL_WORDS, type ThreadOrder, type ThreadReply, type ThreadStart } from './decode-messages.js';
import { threadDied } from './errors.js';
import {
  type BatchOrder,
  type BatchOutput,
  ImageProducer,
  type StageAugmentations,
} from './image-producer.js';
import { workOnBatch } from './work-on-batch.js';

/** Makes batches: in threads, or in this one. */
export interface Decoder {
  /** Resolves with what was found damaged, once the output is filled. */
  decode(order: BatchOrder, output: BatchOutput): Promise<string[]>;
  close(): Promise<void>;
}

interface Pending {
  readonly problems: string[];
  resolve(problems: string[]): void;
  reject(error: Error): void;
}

const newControl = () => new Int32Array(new SharedArrayBuffer(4 * CONTROL_WORDS));

export interface DecodePoolOptions {
  /** Threads at most. */
  readonly threads: number;
  /** Threads that a batch may keep busy now. @default all */
  readonly atOnce?: () => number;
  readonly start: ThreadStart;
}

/** Threads that are started with the first batch, or by `start`. They keep no process alive that waits for nothing of theirs. */
export class DecodePool implements Decoder {
  readonly #threadStart: ThreadStart;
  readonly #count: number;
  readonly #atOnce: () => number;
  readonly #pending = new Map<number, Pending>();
  readonly #threads: Worker[] = [];
  #batches = 0;
  /** Why there are no threads any more. */
  #failure: Error | undefined;

  constructor({ threads, atOnce = () => threads, start }: DecodePoolOptions) {
    this.#count = threads;
    this.#atOnce = atOnce;
    this.#threadStart = start;
  }

  decode(order: BatchOrder, output: BatchOutput): Promise<string[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const working = this.start();
    const id = this.#batches++;
    const message: ThreadOrder = { id, order, output, control: newControl() };
    if (this.#pending.size === 0) for (const thread of this.#threads) thread.ref();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { problems: [], resolve, reject });
      for (const thread of working) thread.postMessage(message);
    });
  }

  /** Starts the threads that a batch may keep busy now, so that they are ready when one is asked for. */
  start(): readonly Worker[] {
    const working = Math.min(this.#count, this.#atOnce());
    while (this.#threads.length < working) this.#threads.push(this.#startThread());
    return this.#threads.slice(0, working);
  }

  #startThread(): Worker {
    const file = new URL('./decode-thread.js', import.meta.url);
    const thread = new Worker(file, { workerData: this.#threadStart });
    thread.on('message', (reply: ThreadReply) => this.#receive(reply));
    thread.on('error', (error) => this.#fail(threadDied(error)));
    thread.on('exit', (code) => this.#fail(threadDied(new Error(`its exit code is ${code}`))));
    if (this.#pending.size === 0) thread.unref();
    return thread;
  }

  #receive(reply: ThreadReply): void {
    const pending = this.#pending.get(reply.id);
    if (reply.kind === 'problems') pending?.problems.push(...reply.problems);
    else this.#settle(reply.id, reply.kind === 'failed' ? errorFromPlain(reply.error) : undefined);
  }

  #settle(id: number, error?: Error): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) for (const thread of this.#threads) thread.unref();
    if (error) pending?.reject(error);
    else pending?.resolve(pending.problems);
  }

  /** One thread less would leave its images undone: nothing more is read. */
  #fail(error: Error): void {
    this.#failure ??= error;
    for (const id of [...this.#pending.keys()]) this.#settle(id, this.#failure);
  }

  async close(): Promise<void> {
    this.#fail(threadDied(new Error('the data set was closed')));
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }
}

/** Decodes in this thread: where there is one core, and for debuggers. */
export class InlineDecoder implements Decoder {
  readonly #producer: ImageProducer;
  #work: Promise<unknown> = Promise.resolve();

  constructor({ catalogue, options }: ThreadStart, augmentations: StageAugmentations) {
    this.#producer = new ImageProducer(catalogue, options, augmentations);
  }

  decode(order: BatchOrder, output: BatchOutput): Promise<string[]> {
    const decoded = this.#work.then(() => this.#decode(order, output));
    this.#work = decoded.catch(() => undefined);
    return decoded;
  }

  async #decode(order: BatchOrder, output: BatchOutput): Promise<string[]> {
    const problems: string[] = [];
    let error: Error | undefined;
    await workOnBatch(this.#producer, { id: 0, order, output, control: newControl() }, (reply) => {
      if (reply.kind === 'problems') problems.push(...reply.problems);
      if (reply.kind === 'failed') error = errorFromPlain(reply.error);
    });
    if (error) throw error;
    return problems;
  }

  async close(): Promise<void> {
    await this.#work;
    this.#producer.close();
  }
}
