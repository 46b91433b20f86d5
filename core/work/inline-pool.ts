import type { FileLayer } from 'dna-nas/files';
import type { BackendDescription, Teacher } from '../contracts/index.js';
import { applyPlugins } from '../plugin/apply-plugins.js';
import type { PluginRun } from '../plugin/plugin.js';
import { requireIdentity } from '../run/identity.js';
import { checkTeacher, type TeacherTrial } from '../run/teacher-check.js';
import { openWorld } from '../run/world.js';
import type { CellRatings, SearchResult, Task, TaskEvents, TrainingWorld } from '../stages/index.js';
import { type AttachedRunFolder, attachRunFolder, type TaskClaims } from '../store/index.js';
import { executeClaimed } from './claimed-task.js';
import { longestFirst } from './deal.js';
import { executeBundle } from './execute.js';
import type { BundleOrder, WorkerStart } from './messages.js';
import { placeName, type WorkerPlacement } from './place-workers.js';
import type { TaskPool } from './pool.js';
import { checkSearch, search } from './search.js';

export interface InlineStart
  extends Pick<WorkerStart, 'config' | 'project' | 'folder' | 'token' | 'checkpointSeconds'> {
  /** Its device; this thread stays on no core. @default none */
  readonly place?: WorkerPlacement;
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
  #backend: BackendDescription | undefined;
  #world: TrainingWorld | undefined;
  #teacher: Promise<Teacher> | undefined;
  #stopped = false;

  constructor(start: InlineStart, events: TaskEvents) {
    this.#start = start;
    this.#events = events;
  }

  async backend(): Promise<BackendDescription> {
    const { config, project, files, place } = this.#start;
    this.#run = await applyPlugins(config, { project, main: false, files });
    const backend = await this.#run.resolve('resolveBackend', 'backend');
    const device = place?.device;
    this.#backend = await backend.start({ workers: 1, ...(device !== undefined && { device }) });
    return this.#backend;
  }

  async openWorld(data: unknown): Promise<void> {
    const world = await openWorld(this.#run!, data);
    requireIdentity(this.#folder(), { ...world, backend: this.#backend! });
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

  checkTeacher(): Promise<TeacherTrial> {
    return checkTeacher(this.#run!, this.#world!.dataset);
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

  async executeApart(tasks: readonly Task[], claims: TaskClaims): Promise<ReadonlySet<string>> {
    const executed = new Set<string>();
    for (const task of longestFirst(tasks)) {
      const executes = executeClaimed(task, claims, (order) =>
        this.#execute({ ...order, index: 0, count: 1 }),
      );
      if (await executes) executed.add(task.id);
    }
    return executed;
  }

  #folder(): AttachedRunFolder {
    const { folder, token, files } = this.#start;
    const { noticed } = this.#events;
    const owned = token === undefined ? {} : { token };
    return attachRunFolder(folder, { ...owned, noticed, ...(files && { files }) });
  }

  #execute(order: BundleOrder): Promise<void> {
    const { checkpointSeconds } = this.#start;
    const events = this.#events;
    const store = this.#folder().claimedTasks(order.claims);
    const shouldStop = () => this.#stopped;
    const worker = { run: this.#run!, world: this.#world!, store, events, checkpointSeconds, shouldStop };
    return executeBundle({ ...worker, device: placeName(this.#start.place ?? {}) }, order);
  }

  /** A worker's memory ends with its thread; here the teacher has to be given back. */
  async close(): Promise<void> {
    (await this.#teacher?.catch(() => undefined))?.dispose();
    this.#teacher = undefined;
  }
}
