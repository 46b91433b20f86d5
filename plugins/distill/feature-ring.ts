/**
 * A ring of teacher features in shared memory: threads that train different cells on the same batches take each
 * batch's features from it, and whoever finds them missing computes them. So one teacher pass feeds all cells, and
 * a thread with less to train does more of the teacher's work. What is computed does not depend on who does it.
 *
 * Control words: threads joined, next step to compute (+1, 0 before all have joined), change counter, then for each
 * slot the step it holds (+1), then for each thread the first step it has not finished with.
 */
export interface RingShape {
  /** Batches held at once. */
  readonly slots: number;
  readonly threads: number;
  /** Floats of one batch's features, all boundaries together. */
  readonly floats: number;
}

const JOINED = 0;
const NEXT = 1;
const CHANGES = 2;
const HEADER = 3;
const WAIT_MILLISECONDS = 20;

/** Bytes of shared memory for a ring. */
export function ringBytes({ slots, threads, floats }: RingShape): number {
  return 4 * (HEADER + slots + threads + slots * floats);
}

export interface RingUse {
  readonly memory: SharedArrayBuffer;
  readonly thread: number;
  /** First step this thread needs. */
  readonly start: number;
  /** One past the last step of all. */
  readonly end: number;
  /** Throws when the run is to stop. */
  checkStop(): void;
}

export class FeatureRing {
  readonly #shape: RingShape;
  readonly #use: RingUse;
  readonly #control: Int32Array;
  readonly #floats: Float32Array;
  /** Seconds this thread has waited for others. */
  secondsWaited = 0;

  constructor(shape: RingShape, use: RingUse) {
    this.#shape = shape;
    this.#use = use;
    const words = HEADER + shape.slots + shape.threads;
    this.#control = new Int32Array(use.memory, 0, words);
    this.#floats = new Float32Array(use.memory, words * 4, shape.slots * shape.floats);
  }

  /** Waits until all threads have said where they start; the ring begins at the first of these steps. */
  join(): void {
    const { threads } = this.#shape;
    Atomics.store(this.#control, this.#doneAt(this.#use.thread), this.#use.start);
    Atomics.add(this.#control, JOINED, 1);
    this.#changed();
    this.#waitUntil(() => Atomics.load(this.#control, JOINED) === threads);
    Atomics.compareExchange(this.#control, NEXT, 0, this.#slowest() + 1);
  }

  /** The features of a step, computed by `produce` here or by another thread elsewhere. Valid until `release`. */
  async take(
    step: number,
    produce: (step: number, into: Float32Array) => Promise<void>,
  ): Promise<Float32Array> {
    while (!this.#isReady(step)) {
      const claimed = this.#claim();
      if (claimed === undefined) {
        this.#waitUntil(() => this.#isReady(step) || this.#next() !== undefined);
        continue;
      }
      await produce(claimed, this.#slot(claimed));
      Atomics.store(this.#control, HEADER + (claimed % this.#shape.slots), claimed + 1);
      this.#changed();
    }
    return this.#slot(step);
  }

  /** This thread needs no step up to and including this one any more. */
  release(step: number): void {
    Atomics.store(this.#control, this.#doneAt(this.#use.thread), step + 1);
    this.#changed();
  }

  #doneAt(thread: number): number {
    return HEADER + this.#shape.slots + thread;
  }

  #slot(step: number): Float32Array {
    const { slots, floats } = this.#shape;
    const first = (step % slots) * floats;
    return this.#floats.subarray(first, first + floats);
  }

  #isReady(step: number): boolean {
    return Atomics.load(this.#control, HEADER + (step % this.#shape.slots)) === step + 1;
  }

  #slowest(): number {
    let least = this.#use.end;
    for (let thread = 0; thread < this.#shape.threads; thread++) {
      least = Math.min(least, Atomics.load(this.#control, this.#doneAt(thread)));
    }
    return least;
  }

  /** The next step to compute, if there is one and its slot is free. */
  #next(): number | undefined {
    const next = Atomics.load(this.#control, NEXT) - 1;
    return next < this.#use.end && next < this.#slowest() + this.#shape.slots ? next : undefined;
  }

  /** Takes it for this thread. */
  #claim(): number | undefined {
    for (;;) {
      const next = this.#next();
      if (next === undefined) return undefined;
      if (Atomics.compareExchange(this.#control, NEXT, next + 1, next + 2) === next + 1) return next;
    }
  }

  #changed(): void {
    Atomics.add(this.#control, CHANGES, 1);
    Atomics.notify(this.#control, CHANGES);
  }

  #waitUntil(condition: () => boolean): void {
    const began = performance.now();
    for (;;) {
      const changes = Atomics.load(this.#control, CHANGES);
      if (condition()) break;
      this.#use.checkStop();
      Atomics.wait(this.#control, CHANGES, changes, WAIT_MILLISECONDS);
    }
    this.secondsWaited += (performance.now() - began) / 1000;
  }
}
