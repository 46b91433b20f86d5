import { quoteShort } from 'dna-nas/archives';
import { torchInvalid } from './errors.js';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads forwards in bytes and refuses to read beyond their end. */
export class PickleBytes {
  #at: number;
  readonly #view: DataView;

  /** `label` says in messages what the bytes are; reading begins at `at`. */
  constructor(
    readonly bytes: Uint8Array,
    readonly label: string,
    at = 0,
  ) {
    this.#at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Of the next byte. */
  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.bytes.length - this.#at;
  }

  uint8(): number {
    return this.#view.getUint8(this.#step(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#step(4), true);
  }

  /** A length of 64 bits. */
  length64(): number {
    const value = this.#view.getBigUint64(this.#step(8), true);
    if (value > BigInt(this.bytes.length)) this.#cutOff(String(value));
    return Number(value);
  }

  /** Pickles hold floats, and nothing else, in network order. */
  float64(): number {
    return this.#view.getFloat64(this.#step(8), false);
  }

  /** A view of the next bytes. */
  take(length: number): Uint8Array {
    const at = this.#step(length);
    return this.bytes.subarray(at, at + length);
  }

  text(length: number): string {
    const at = this.#at;
    return this.#decode(this.take(length), at);
  }

  /** Text up to a line feed, which is passed over. */
  line(longest: number): string {
    const at = this.#at;
    const end = this.bytes.subarray(at, at + longest + 1).indexOf(0x0a);
    if (end < 0) {
      const begin = quoteShort(Buffer.from(this.bytes.subarray(at, at + 40)).toString('latin1'));
      throw torchInvalid(`the name at byte ${at} of ${this.label} has no end: ${begin}`);
    }
    return this.#decode(this.take(end + 1).subarray(0, end), at);
  }

  #decode(bytes: Uint8Array, at: number): string {
    try {
      return UTF8.decode(bytes);
    } catch {
      throw torchInvalid(`the text at byte ${at} of ${this.label} is not UTF-8`);
    }
  }

  #step(length: number): number {
    if (length > this.left) this.#cutOff(String(length));
    const at = this.#at;
    this.#at += length;
    return at;
  }

  #cutOff(wanted: string): never {
    throw torchInvalid(
      `${this.label} ends at byte ${this.bytes.length}, ${wanted} bytes are to follow ${this.#at}`,
    );
  }
}
