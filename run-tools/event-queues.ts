/** Hands values on to everybody who iterates, each at a pace of its own; whoever comes later has what comes later. */
export class EventQueues<Value> implements AsyncIterable<Value> {
  readonly #queues = new Set<Queue<Value>>();
  #ended = false;

  put(value: Value): void {
    for (const queue of this.#queues) queue.put(value);
  }

  /** After this nothing comes. */
  end(): void {
    this.#ended = true;
    for (const queue of this.#queues) queue.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<Value> {
    const queue = new Queue<Value>(() => this.#queues.delete(queue));
    if (this.#ended) queue.end();
    else this.#queues.add(queue);
    return queue;
  }
}

type Waiting<Value> = (result: IteratorResult<Value, undefined>) => void;
const DONE = { done: true, value: undefined } as const;

class Queue<Value> implements AsyncIterator<Value, undefined> {
  readonly #values: Value[] = [];
  readonly #waiting: Waiting<Value>[] = [];
  readonly #left: () => void;
  #ended = false;

  /** @param left is called when the reader breaks off. */
  constructor(left: () => void) {
    this.#left = left;
  }

  put(value: Value): void {
    const next = this.#waiting.shift();
    if (next) next({ done: false, value });
    else this.#values.push(value);
  }

  end(): void {
    this.#ended = true;
    for (const next of this.#waiting.splice(0)) next(DONE);
  }

  async next(): Promise<IteratorResult<Value, undefined>> {
    if (this.#values.length > 0) return { done: false, value: this.#values.shift()! };
    if (this.#ended) return DONE;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async return(): Promise<IteratorResult<Value, undefined>> {
    this.#left();
    this.#values.length = 0;
    this.end();
    return DONE;
  }
}
