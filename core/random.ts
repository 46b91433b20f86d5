import { createHash } from 'node:crypto';

/**
 * Seeded randomness that is an argument: a counter-based generator (Philox 4×32-10, Salmon et al. 2011) whose streams
 * are split by name, so that neither the number of workers nor the point of a resume changes a draw. A stream holds
 * no hidden state: `fork` is pure, and the only state is the number of values drawn so far.
 */
export interface RandomStream {
  /** A stream of its own for a purpose; the same names give the same stream, whatever was drawn before. */
  fork(...names: readonly (string | number)[]): RandomStream;
  /** What makes this stream, before anything was drawn, in another thread: `streamOfKey(key)`. */
  key(): string;
  /** Uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Uniform in [0, 1) with 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, below); unbiased. */
  integer(below: number): number;
  /** Standard normal. */
  normal(): number;
  /** A permutation of 0…length−1 (Fisher–Yates). */
  permutation(length: number): Uint32Array;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/**
 * High 32 bits of the product of two unsigned 32-bit integers; they and the result may be given as signed ones, with
 * which the engine needs no floating-point numbers.
 */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const carry = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** Philox 4×32-10: encrypts a counter of four words under a key of two, in place. */
export function philox(counter: Int32Array | Uint32Array, key0: number, key1: number): void {
  let c0 = counter[0]! | 0;
  let c1 = counter[1]! | 0;
  let c2 = counter[2]! | 0;
  let c3 = counter[3]! | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  counter[0] = c0;
  counter[1] = c1;
  counter[2] = c2;
  counter[3] = c3;
}

function wordsOf(digest: Buffer): Int32Array {
  return Int32Array.from({ length: 4 }, (_, index) => digest.readInt32LE(4 * index));
}

class PhiloxStream implements RandomStream {
  readonly #makeDigest: () => Buffer;
  #made: Buffer | undefined;
  #block: Uint32Array | undefined;
  /** The digest's words: a key of two, and the upper half of the counter. */
  #words: Int32Array | undefined;
  #drawn = 0;

  /** Most streams are only forked on the way to another, or never drawn from: what makes them is computed late. */
  constructor(makeDigest: () => Buffer) {
    this.#makeDigest = makeDigest;
  }

  get #digest(): Buffer {
    this.#made ??= this.#makeDigest();
    return this.#made;
  }

  fork(...names: readonly (string | number)[]): RandomStream {
    return new PhiloxStream(() => {
      // A length before each name keeps ('a','bc') and ('ab','c') apart; the type keeps 1 and '1' apart.
      const texts = names.map((name) => {
        const text = String(name);
        return `${typeof name === 'number' ? 'n' : 's'}${text.length}:${text}`;
      });
      return createHash('sha256').update(this.#digest).update(texts.join('')).digest();
    });
  }

  key(): string {
    return this.#digest.toString('hex');
  }

  uint32(): number {
    const lane = this.#drawn & 3;
    if (lane === 0) this.#encrypt(Math.floor(this.#drawn / 4));
    this.#drawn++;
    return this.#block![lane]!;
  }

  #encrypt(index: number): void {
    this.#block ??= new Uint32Array(4);
    this.#words ??= wordsOf(this.#digest);
    const [block, words] = [this.#block, this.#words];
    block[0] = index >>> 0;
    block[1] = Math.floor(index / 0x1_0000_0000);
    block[2] = words[2]!;
    block[3] = words[3]!;
    philox(block, words[0]!, words[1]!);
  }

  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  integer(below: number): number {
    if (!Number.isInteger(below) || below < 1 || below > 0x1_0000_0000) {
      throw new RangeError(`integer(below) wants a whole number from 1 to 2^32, not ${below}.`);
    }
    const limit = 0x1_0000_0000 - (0x1_0000_0000 % below);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % below;
  }

  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  permutation(length: number): Uint32Array {
    const order = Uint32Array.from({ length }, (_, index) => index);
    for (let last = length - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const swap = order[last]!;
      order[last] = order[other]!;
      order[other] = swap;
    }
    return order;
  }
}

/** The root stream of a run's seed (any integer or text). */
export function randomStream(seed: number | string): RandomStream {
  return new PhiloxStream(() => createHash('sha256').update(`dna:${seed}`).digest());
}

/** The stream that a key was taken from, with nothing drawn yet. */
export function streamOfKey(key: string): RandomStream {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new RangeError(`${JSON.stringify(key)} is no key of a stream.`);
  return new PhiloxStream(() => Buffer.from(key, 'hex'));
}
