import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { fileUnreadable } from './errors.js';

/** Node refuses to read 2 GiB in one go. */
const MOST_AT_ONCE = 2 ** 30;

/** Bytes that can be read at any place: a file, a part of memory, whatever one's own object has. */
export interface ByteSource {
  /** For messages; empty where there is none. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** The bytes from `offset` on; readers ask for nothing beyond `size`. They must not be changed. */
  read(offset: number, length: number): Uint8Array;
}

/** Bytes in memory as a source; what is read of it is a view, not a copy. */
export function bytesSource(bytes: Uint8Array, name = ''): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** An open file as a source. Nothing of it is kept in memory. */
export class FileSource implements ByteSource {
  readonly size: number;
  readonly #descriptor: number;

  /** @throws DnaError `FILE_UNREADABLE` if there is no such file */
  constructor(readonly name: string) {
    try {
      // Asked before it is opened: opening a named pipe would wait for a writer.
      const status = statSync(name);
      if (!status.isFile()) throw new Error('it is not a file');
      this.size = status.size;
      this.#descriptor = openSync(name, 'r');
    } catch (cause) {
      throw fileUnreadable(name, cause);
    }
  }

  /** @throws DnaError `FILE_UNREADABLE` if the file ends earlier than it did when it was opened */
  read(offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const count = this.#readSome(bytes, done, offset);
      if (count === 0) throw fileUnreadable(this.name, `it ends at byte ${offset + done} of ${this.size}`);
      done += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readSome(bytes: Uint8Array, done: number, offset: number): number {
    try {
      return readSync(
        this.#descriptor,
        bytes,
        done,
        Math.min(bytes.length - done, MOST_AT_ONCE),
        offset + done,
      );
    } catch (cause) {
      throw fileUnreadable(this.name, cause);
    }
  }
}
