import { Worker } from 'node:worker_threads';
import { errorFromPlain } from 'dna-nas/core/work';
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

/** Threads that are started with the first batch, or by `start`. They keep no process alive that waits for nothing of theirs. */
export class DecodePool implements Decoder {
  readonly #threadStart: ThreadStart;
  readonly #count: number;
  readonly #pending = new Map<number, Pending>();
  #threads: Worker[] = [];
  #batches = 0;
  /** Why there are no threads any more. */
  #failure: Error | undefined;

  constructor(count: number, start: ThreadStart) {
    this.#count = count;
    this.#threadStart = start;
  }

  decode(order: BatchOrder, output: BatchOutput): Promise<string[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.start();
    const id = this.#batches++;
    const message: ThreadOrder = { id, order, output, control: newControl() };
    if (this.#pending.size === 0) for (const thread of this.#threads) thread.ref();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { problems: [], resolve, reject });
      for (const thread of this.#threads) thread.postMessage(message);
    });
  }

  /** Starts the threads, so that they are ready when the first batch is asked for. */
  start(): void {
    if (this.#threads.length > 0) return;
    const file = new URL('./decode-thread.js', import.meta.url);
    this.#threads = Array.from({ length: this.#count }, () => {
      const thread = new Worker(file, { workerData: this.#threadStart });
      thread.on('message', (reply: ThreadReply) => this.#receive(reply));
      thread.on('error', (error) => this.#fail(threadDied(error)));
      thread.on('exit', (code) => this.#fail(threadDied(new Error(`its exit code is ${code}`))));
      thread.unref();
      return thread;
    });
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
