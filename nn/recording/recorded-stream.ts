import type { RandomStream } from 'dna-nas/core';

type Names = readonly (string | number)[];

/** A stream that knows how it was forked, so that the same fork can be taken of another. */
export class RecordedStream implements RandomStream {
  /** The forks from the stream that the recording was given. */
  readonly path: readonly Names[];
  /** What it draws from. */
  readonly source: RandomStream;
  readonly #drawnFrom: () => void;

  /** @param drawnFrom Is told where something is drawn other than by `drawn`. */
  constructor(source: RandomStream, drawnFrom: () => void, path: readonly Names[] = []) {
    this.source = source;
    this.#drawnFrom = drawnFrom;
    this.path = path;
  }

  fork(...names: Names): RandomStream {
    return new RecordedStream(this.source.fork(...names), this.#drawnFrom, [...this.path, names]);
  }

  key(): string {
    this.#drawnFrom();
    return this.source.key();
  }

  uint32(): number {
    this.#drawnFrom();
    return this.source.uint32();
  }

  uniform(): number {
    this.#drawnFrom();
    return this.source.uniform();
  }

  integer(below: number): number {
    this.#drawnFrom();
    return this.source.integer(below);
  }

  normal(): number {
    this.#drawnFrom();
    return this.source.normal();
  }

  permutation(length: number): Uint32Array {
    this.#drawnFrom();
    return this.source.permutation(length);
  }
}

/** The stream at the end of these forks. */
export function followForks(random: RandomStream, path: readonly Names[]): RandomStream {
  return path.reduce((stream, names) => stream.fork(...names), random);
}
