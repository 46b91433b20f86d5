import type { Placement, WorkerPlacement } from 'dna-nas/core/work';

/** Bytes of this machine's memory that are free, and of it those that this process has. */
export interface MemoryReading {
  free(): number;
  used(): number;
}

export const MACHINE_MEMORY: MemoryReading = {
  free: () => process.availableMemory(),
  used: () => process.memoryUsage.rss(),
};

/** A first step takes half of what a point comes to use, as moments of optimisers come with the paths that are drawn. */
const MEMORY_RESERVE = 2;

/** A point that waits for its turn. */
export interface QueuedPoint {
  /** Points of one key would train the same cells: one of them does, and the others wait for them. */
  readonly key: string;
  /** Runs it; never rejects. */
  run(turn: Turn): Promise<void>;
}

/** What a point is given when its turn comes. */
export interface Turn {
  /** Places of its workers; absent where it is alone and has all that there are. */
  readonly placement?: Placement;
  /** It computes, so that it can be seen what memory it takes. */
  worked(): void;
  /** Its cells are trained and rated. */
  shared(): void;
}

export interface QueueLimits {
  /** Points at the same time, at most. */
  readonly most: number;
  /** Places that they have between them; absent: a point has the machine to itself. */
  readonly placement?: Placement | undefined;
  /** By what a further point is kept waiting. Absent: by nothing. */
  readonly memory?: MemoryReading | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Running {
  readonly key: string;
  /** Where it computes. */
  readonly placement: Placement;
  /** What the process used when it began. */
  readonly before: number;
  worked: boolean;
  shared: boolean;
}

/**
 * Runs points in their order, several at the same time: each on a part of the places that a run alone would have. A
 * further point begins once those before it compute, if there is memory for one more. If there is not, as many as there
 * are stay the most, and points that begin later have more places each.
 */
export class PointQueue {
  readonly #limits: QueueLimits;
  readonly #waiting: QueuedPoint[];
  readonly #running = new Set<Running>();
  readonly #free: WorkerPlacement[];
  #most: number;
  /** Bytes that a point has taken, the most of any. */
  #largest = 0;
  #wake = () => {};

  constructor(points: readonly QueuedPoint[], limits: QueueLimits) {
    this.#limits = limits;
    this.#waiting = [...points];
    this.#most = limits.most;
    const { placement = [], most } = limits;
    const places = Math.max(placement.length, most);
    this.#free = Array.from({ length: places }, (_, index) => placement[index % placement.length] ?? {});
  }

  /** Waits until all points have run, or until those that run have ended after the signal. */
  async run(): Promise<void> {
    for (;;) {
      const next = this.#next();
      if (next) this.#start(next);
      else if (this.#running.size === 0) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  #next(): QueuedPoint | undefined {
    if (this.#limits.signal?.aborted || this.#free.length === 0) return undefined;
    if (this.#running.size >= this.#most || !this.#hasMemory()) return undefined;
    return this.#ready()[0];
  }

  /** The first point of each key whose cells nobody trains. */
  #ready(): QueuedPoint[] {
    const keys = new Set([...this.#running].filter(({ shared }) => !shared).map(({ key }) => key));
    return this.#waiting.filter(({ key }) => !keys.has(key) && keys.add(key));
  }

  #hasMemory(): boolean {
    const { memory } = this.#limits;
    if (!memory || this.#running.size === 0) return true;
    if ([...this.#running].some(({ worked }) => !worked)) return false;
    if (memory.free() >= (MEMORY_RESERVE + this.#running.size) * this.#largest) return true;
    this.#most = this.#running.size;
    return false;
  }

  #start(point: QueuedPoint): void {
    const others = Math.min(this.#most - this.#running.size, this.#ready().length);
    const placement = this.#free.splice(0, Math.ceil(this.#free.length / others));
    this.#waiting.splice(this.#waiting.indexOf(point), 1);
    const before = this.#limits.memory?.used() ?? 0;
    const running: Running = { key: point.key, placement, before, worked: false, shared: false };
    this.#running.add(running);
    const turn: Turn = {
      ...(this.#limits.placement && { placement }),
      worked: () => this.#worked(running),
      shared: () => this.#shared(running),
    };
    void point.run(turn).finally(() => {
      this.#running.delete(running);
      if (!running.shared || hasDevices(placement)) this.#free.push(...placement);
      this.#wake();
    });
  }

  /** What is left, the training of few networks, leaves most cores idle: others have them too from here on. */
  #shared(running: Running): void {
    if (running.shared) return;
    running.shared = true;
    if (!hasDevices(running.placement)) this.#free.push(...running.placement);
    this.#wake();
  }

  #worked(running: Running): void {
    if (running.worked) return;
    running.worked = true;
    const used = this.#limits.memory?.used() ?? 0;
    this.#largest = Math.max(this.#largest, used - running.before);
    this.#wake();
  }
}

/** Whether workers are on devices, whose memory nobody measures here. */
function hasDevices(placement: Placement): boolean {
  return placement.some(({ device }) => device !== undefined);
}
