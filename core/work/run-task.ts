import { hostname } from 'node:os';
import type { DnaError } from 'dna-nas/errors';
import { attempt, corrupt, describeOwner, isPlainObject } from 'dna-nas/files';
import type { ResolvedConfig } from '../config/types.js';
import { applyPlugins } from '../plugin/apply-plugins.js';
import { type MachineOptions, placeRun, type SessionOptions } from '../run/open-session.js';
import { requireVersion } from '../run/run-config.js';
import { readStoredConfig, type StoredRunRequest } from '../run/stored-run.js';
import type { Task, TaskEvents } from '../stages/index.js';
import {
  type AttachedRunFolder,
  attachRunFolder,
  type ClaimOptions,
  type TaskClaims,
} from '../store/index.js';
import { Neighbours } from '../store/neighbours.js';
import { Ledger } from './booked-time.js';
import { claimTask } from './claim-task.js';
import { quietEvents } from './events.js';
import { InlinePool } from './inline-pool.js';
import type { BundleOrder } from './messages.js';
import { type Placement, quietestPlace, useOf, type WorkerPlacement } from './place-workers.js';
import { type PoolStart, WorkerPool } from './pool.js';
import { withinGrace } from './stop-deadline.js';
import { noSuchTask, taskNotReady } from './task-errors.js';

/** A run that lies in a folder, which of its tasks to execute, and how: `process` is who claims it. */
export interface TaskRequest
  extends StoredRunRequest,
    Pick<SessionOptions, 'signal' | 'graceSeconds' | 'inline' | 'process'> {
  /** The task's id. */
  readonly task: string;
  /** Takes the task from a process on another host without waiting for its lease. @default false */
  readonly takeOver?: boolean;
  /** Is told what a person should know. @default nothing */
  readonly noticed?: (text: string) => void;
}

/**
 * Executes one task of a run in this process, from its checkpoint to its committed result, while other processes work
 * on others. Reads nothing but JSON and tensors from the run's folder, loads no code from there; the plugins are those
 * that its configuration refers to.
 * @throws DnaError `TASK_NOT_READY` where results that it needs are missing, `TASK_CLAIMED` where a living process
 * works on it; `RUN_VERSION` where another version has laid it out; `MODULE_FOREIGN` before anything is imported, where a plugin is not the project's own.
 */
export async function runTask(request: TaskRequest): Promise<void> {
  const { noticed = () => undefined } = request;
  const folder = attachRunFolder(request.folder, { noticed });
  const task = folder.readTask(request.task);
  if (!task) throw noSuchTask(request.folder, request.task, folder.taskIds());
  checkTask(task, request.task);
  requireNeeds(folder, task);
  const { config, project } = readStoredConfig(folder, request);
  requireVersion(folder, config);
  const machine = config.machine as MachineOptions;
  const claims = folder.openClaims(claimOptions(request, machine));
  try {
    if (!(await claimTask({ claims, task: task.id, noticed, signal: request.signal })))
      return noticed(`Task ${task.id} has its result already.`);
    const { checkpointSeconds = 60 } = machine;
    const placement = await placesOf(config, project);
    const start = { config, project, folder: folder.path, checkpointSeconds, share: placement.length };
    const ledger = new Ledger();
    const events = {
      ...quietEvents(noticed),
      ...journalledSaves(claims, task.id),
      timeSpent: (on: string, seconds: number) => ledger.add(on, seconds),
    };
    await inQuietestPlace(folder.path, placement, (place) =>
      journalled({ claims, task: task.id, ledger }, () =>
        execute(task, request, { start, place, claims: claims.numbers([task.id]), events }),
      ),
    );
  } finally {
    claims.close();
  }
}

/** Where the run would have its workers on this machine. */
async function placesOf(config: ResolvedConfig, project: string): Promise<Placement> {
  return placeRun(await applyPlugins(config, { project, main: false }), config.machine as MachineOptions);
}

/** Works in one of some places, of which other processes of the run see that it is taken. */
async function inQuietestPlace(
  folder: string,
  placement: Placement,
  work: (place: WorkerPlacement) => Promise<void>,
): Promise<void> {
  const neighbours = new Neighbours(folder);
  const place = quietestPlace(placement, neighbours.others());
  neighbours.join(useOf([place]));
  try {
    await work(place);
  } finally {
    neighbours.leave();
  }
}

function claimOptions(
  { process, takeOver = false }: TaskRequest,
  { leaseSeconds }: MachineOptions,
): ClaimOptions {
  return { takeOver, ...(process && { process }), ...(leaseSeconds !== undefined && { leaseSeconds }) };
}

function requireNeeds(folder: AttachedRunFolder, { id, needs }: Task): void {
  const missing = needs.filter((need) => !folder.hasResult(need));
  if (missing.length === 0) return;
  const claimant = (need: string) => {
    const owner = folder.claimant(need);
    return owner ? `${need} (claimed by ${describeOwner(owner)})` : need;
  };
  throw taskNotReady(id, missing.map(claimant));
}

/** The claim's own journal says who worked on the task, how long and at what, and what came of it. */
async function journalled(
  { claims, task, ledger }: { claims: TaskClaims; task: string; ledger: Ledger },
  work: () => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  claims.journal(task, { event: 'taskStarted', host: hostname(), pid: process.pid, node: process.version });
  try {
    await work();
    claims.journal(task, { event: 'taskFinished', seconds: seconds(), spent: ledger.seconds });
  } catch (error) {
    const { code = 'unexpected' } = error as Partial<DnaError>;
    // What ended the task is the error to tell, whatever the disk says to this line.
    const left = { event: 'taskLeft', seconds: seconds(), code, spent: ledger.seconds };
    attempt(() => claims.journal(task, left));
    throw error;
  }
}

/** How far the task is, as often as that is on the disk. */
function journalledSaves(
  claims: TaskClaims,
  task: string,
): Pick<TaskEvents, 'stepFinished' | 'checkpointSaved'> {
  const began = performance.now();
  let steps: number | undefined;
  return {
    stepFinished: (event) => {
      steps = event.steps;
    },
    checkpointSaved({ step }) {
      const seconds = (performance.now() - began) / 1000;
      // Whoever has lost the claim hears of it by the checkpoint itself.
      attempt(() => claims.journal(task, { event: 'taskSaved', step, ...(steps && { steps }), seconds }));
    },
  };
}

interface TaskStart {
  readonly start: PoolStart;
  readonly place: WorkerPlacement;
  readonly claims: BundleOrder['claims'];
  readonly events: TaskEvents;
}

/** This thread stays free to hear signals, and a worker thread computes, unless it is asked not to. */
async function execute(
  task: Task,
  { signal, graceSeconds, inline = false }: TaskRequest,
  { start, place, claims, events }: TaskStart,
): Promise<void> {
  const pool = inline ? new InlinePool({ ...start, place }, events) : new WorkerPool([place], start, events);
  const onAbort = () => pool.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const work = async () => {
    await pool.backend();
    await pool.openWorld(undefined);
    await pool.executeTogether([{ stage: task.stage, tasks: [task], claims, index: 0, count: 1 }]);
  };
  try {
    await withinGrace(work, { signal, graceSeconds });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await pool.close();
  }
}

/** A folder that came from elsewhere may hold anything. */
function checkTask({ id, stage, needs, work, input }: Task, asked: string): void {
  const sound =
    id === asked &&
    ['distill', 'rank', 'retrain'].includes(stage) &&
    Array.isArray(needs) &&
    typeof work === 'number' &&
    isPlainObject(input);
  if (sound) return;
  throw corrupt(`tasks/${asked}.json`, 'it is no task of this id', 'Restore it from a backup.');
}
