/** Answer of a backend plugin. */
export interface Backend {
  readonly name: string;
  /** Sets tfjs's current backend up in this thread. */
  start(options: BackendStartOptions): Promise<BackendDescription>;
  /** Most worker threads that serve it. Absent: one a core. */
  mostWorkers?(): number | Promise<number>;
  /**
   * Numbers of the devices that a worker can be placed on, one each: GPUs, which are shared badly. Absent or none: workers
   * are placed on cores.
   */
  devices?(): readonly number[] | Promise<readonly number[]>;
  /** Whether it would start on this machine, found out in a moment and without starting it here. Absent: it always does. */
  check?(): Promise<BackendCheck>;
}

/** Where a backend is started. */
export interface BackendStartOptions {
  /** Worker threads of this process that start it, this one included. */
  readonly workers: number;
  /** Number of the device that this one is placed on, of those that the backend has. Absent: it has none, or chooses. */
  readonly device?: number;
}

/** What `dna backend list` shows and `auto` goes by. */
export type BackendCheck =
  | {
      readonly works: true;
      /** For people: `libtorch 2.11.0 on the CPU`. */
      readonly description: string;
    }
  | {
      readonly works: false;
      /** The rest of a sentence about it: `is not installed`. */
      readonly reason: string;
      /** A sentence that says what to do. */
      readonly fix: string;
    };

/** Bytes that a backend had no room for: the cause of its error, whose text says `out of memory`. */
export interface MemoryShortage {
  readonly wanted: number;
  /** What tensors held. */
  readonly used: number;
  /** What they can hold in all. */
  readonly limit: number;
  /** What one tensor can have at most, where that is less. */
  readonly largest?: number;
  /** Whether nothing more can be computed in this thread. @default false */
  readonly broken?: boolean;
}

export interface BackendDescription {
  readonly name: string;
  /** For people: `WebAssembly SIMD, 1 thread a worker`. */
  readonly description: string;
  /** What equal bits depend on: build, precision, instruction set if it matters. */
  readonly numerics: string;
  /** Bytes that one worker can have at most, where that is less than the machine's memory. */
  readonly memoryBytes?: number;
}
