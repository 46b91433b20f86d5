import { dirname } from 'node:path';
import { attempt, type FileLayer, ifExists, writeFailed, writeFully } from 'dna-nas/files';

/** Where a download arrives: a file that may hold a part of it already, or memory. */
export interface Arrival {
  /** Bytes that are there. */
  readonly size: number;
  /** Takes what follows byte `from` of what is there; the rest of it goes. */
  begin(from: number): void;
  append(chunk: Uint8Array): void;
  /** Makes what has arrived last. */
  end(): void;
  /** All that has arrived. */
  read(): Uint8Array;
  remove(): void;
}

/** A file. What the disk refuses is a `DnaError` of the store, so that nobody tries again. */
export class FileArrival implements Arrival {
  #descriptor: number | undefined;

  constructor(
    readonly files: FileLayer,
    readonly path: string,
  ) {}

  get size(): number {
    return this.#guarded(0, () => ifExists(() => this.files.stat(this.path))?.bytes ?? 0);
  }

  begin(from: number): void {
    this.#guarded(0, () => {
      this.#descriptor = this.files.open(this.path, 'append');
      this.files.truncate(this.#descriptor, from);
    });
  }

  append(chunk: Uint8Array): void {
    this.#guarded(chunk.length, () => writeFully(this.files, this.#descriptor!, chunk));
  }

  end(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    this.#descriptor = undefined;
    this.#guarded(0, () => {
      try {
        this.files.fsync(descriptor);
      } finally {
        this.files.close(descriptor);
      }
      this.files.syncFolder(dirname(this.path));
    });
  }

  read(): Uint8Array {
    return this.#guarded(0, () => this.files.readFile(this.path));
  }

  remove(): void {
    attempt(() => this.files.unlink(this.path));
  }

  #guarded<Value>(bytes: number, action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      throw writeFailed(this.path, bytes, error);
    }
  }
}

/** Memory for a file whose length is known. */
export class MemoryArrival implements Arrival {
  readonly #bytes: Uint8Array;
  #size = 0;

  constructor(length: number) {
    this.#bytes = new Uint8Array(length);
  }

  get size(): number {
    return this.#size;
  }

  begin(from: number): void {
    this.#size = from;
  }

  append(chunk: Uint8Array): void {
    if (this.#size + chunk.length > this.#bytes.length) throw new Error('more arrives than was told');
    this.#bytes.set(chunk, this.#size);
    this.#size += chunk.length;
  }

  end(): void {}

  read(): Uint8Array {
    return this.#bytes.subarray(0, this.#size);
  }

  remove(): void {
    this.#size = 0;
  }
}
