import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OWN_FILE, OWN_PIXELS, SHARED_FILES, SHARED_PIXELS } from './limits.js';

/** Of each store: KiB that are taken; the next turn; whose turn it is. */
const TAKEN = 0;
const NEXT_TURN = 1;
const TURN = 2;
const STORE_WORDS = 3;

/** Counts that all decoding threads share: what they have taken. */
export function sharedDecodeMemory(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4 * 2 * STORE_WORDS));
}

/**
 * What one thread may take of the memory that all threads share. Files come before pixels, so that no two threads
 * wait for each other; who asks first is served first, so that the largest image has its turn.
 */
export class DecodeMemory {
  readonly #files: Store;
  readonly #pixels: Store;

  /** @param shared from `sharedDecodeMemory` */
  constructor(shared: Int32Array) {
    this.#files = new Store(shared.subarray(0, STORE_WORDS), OWN_FILE, SHARED_FILES);
    this.#pixels = new Store(shared.subarray(STORE_WORDS), OWN_PIXELS, SHARED_PIXELS);
  }

  /** Whether more than a thread's own is taken for pixels. */
  get holdsPixels(): boolean {
    return this.#pixels.holds;
  }

  /** Waits until there is room for a file's bytes. */
  takeFile(bytes: number): void {
    this.#files.take(bytes);
  }

  /** Waits until there is room to decode an image. */
  takePixels(bytes: number): void {
    this.#pixels.take(bytes);
  }

  /** Gives back what was taken; nothing may refer to it any more. */
  async give(): Promise<void> {
    await free(this.#pixels, this.#files);
  }

  /** Gives back what was taken for pixels. */
  async givePixels(): Promise<void> {
    await free(this.#pixels);
  }
}

async function free(...stores: Store[]): Promise<void> {
  if (!stores.some(({ holds }) => holds)) return;
  // The engine frees large buffers when it pleases; others wait for this memory now.
  collectGarbage();
  await setImmediate();
  // The first has found it, and goes on freeing it in the background; the second waits for that.
  collectGarbage();
  for (const store of stores) store.give();
}

class Store {
  readonly #words: Int32Array;
  readonly #own: number;
  readonly #most: number;
  #held = 0;

  constructor(words: Int32Array, own: number, most: number) {
    this.#words = words;
    this.#own = own;
    this.#most = most / 1024;
  }

  get holds(): boolean {
    return this.#held > 0;
  }

  take(bytes: number): void {
    if (bytes <= this.#own) return;
    const wanted = Math.ceil(bytes / 1024);
    const turn = Atomics.add(this.#words, NEXT_TURN, 1);
    this.#waitUntil(TURN, (now) => now === turn);
    this.#waitUntil(TAKEN, (taken) => taken + wanted <= this.#most);
    Atomics.add(this.#words, TAKEN, wanted);
    this.#held += wanted;
    Atomics.add(this.#words, TURN, 1);
    Atomics.notify(this.#words, TURN);
  }

  give(): void {
    Atomics.sub(this.#words, TAKEN, this.#held);
    Atomics.notify(this.#words, TAKEN);
    this.#held = 0;
  }

  #waitUntil(word: number, holds: (value: number) => boolean): void {
    for (;;) {
      const value = Atomics.load(this.#words, word);
      if (holds(value)) return;
      Atomics.wait(this.#words, word, value);
    }
  }
}

let collector: (() => void) | undefined;

function collectGarbage(): void {
  if (!collector) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
}
