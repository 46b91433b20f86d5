import { applyPlugins } from '../apply-plugins.js';
import type { ResolvedConfig } from '../config/types.js';
import type {
  BackendDescription,
  CellRatings,
  SearchResult,
  Task,
  TaskEvents,
  Teacher,
  TrainingWorld,
} from '../contracts/index.js';
import type { PluginRun } from '../plugin.js';
import { attachRunFolder, type FileLayer } from '../store/index.js';
import { openWorld } from '../world.js';
import { longestFirst } from './deal.js';
import { executeBundle } from './execute.js';
import type { BundleOrder } from './messages.js';
import type { TaskPool } from './pool.js';
import { checkSearch, search } from './search.js';

export interface InlineStart {
  readonly config: ResolvedConfig;
  readonly project: string;
  readonly folder: string;
  readonly token: number;
  readonly checkpointSeconds: number;
  readonly files?: FileLayer;
}

/**
 * Executes tasks in this thread, one after the other: for debuggers, and for tests that put something of theirs below
 * a run. What it computes has the bits that worker threads compute.
 */
export class InlinePool implements TaskPool {
  readonly size = 1;
  readonly #start: InlineStart;
  readonly #events: TaskEvents;
  #run: PluginRun | undefined;
  #world: TrainingWorld | undefined;
  #teacher: Promise<Teacher> | undefined;
  #stopped = false;

  constructor(start: InlineStart, events: TaskEvents) {
    this.#start = start;
    this.#events = events;
  }

  async backend(): Promise<BackendDescription> {
    const { config, project, files } = this.#start;
    this.#run = await applyPlugins(config, { project, main: false, files });
    const backend = await this.#run.resolve('resolveBackend', 'backend');
    return backend.start({ workers: 1 });
  }

  async openWorld(data: unknown): Promise<void> {
    const world = await openWorld(this.#run!, data);
    const { teacher } = world;
    this.#world = {
      ...world,
      ...(teacher && {
        teacher: () => {
          this.#teacher = teacher();
          return this.#teacher;
        },
      }),
    };
  }

  checkSearch(): Promise<void> {
    return checkSearch({ run: this.#run!, world: this.#world! });
  }

  search(ratings: readonly CellRatings[]): Promise<SearchResult> {
    return search({ run: this.#run!, world: this.#world! }, ratings);
  }

  stop(): void {
    this.#stopped = true;
  }

  async executeTogether(orders: readonly BundleOrder[]): Promise<void> {
    for (const order of orders) await this.#execute(order);
  }

  async executeApart(stage: Task['stage'], tasks: readonly Task[]): Promise<void> {
    for (const task of longestFirst(tasks)) await this.#execute({ stage, tasks: [task], index: 0, count: 1 });
  }

  #execute(order: BundleOrder): Promise<void> {
    const { folder, token, files, checkpointSeconds } = this.#start;
    const events = this.#events;
    const store = attachRunFolder(folder, { token, noticed: events.noticed, ...(files && { files }) });
    const shouldStop = () => this.#stopped;
    const run = this.#run!;
    return executeBundle({ run, world: this.#world!, store, events, checkpointSeconds, shouldStop }, order);
  }

  /** A worker's memory ends with its thread; here the teacher has to be given back. */
  async close(): Promise<void> {
    (await this.#teacher?.catch(() => undefined))?.dispose();
    this.#teacher = undefined;
  }
}
