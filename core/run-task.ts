import { applyPlugins } from './apply-plugins.js';
import { isPlainObject } from './config/plain.js';
import type { Task, TaskEvents } from './contracts/index.js';
import { noSuchTask } from './errors.js';
import type { JsonObject } from './plugin.js';
import { corrupt } from './store/errors.js';
import { attachRunFolder, openRunFolder } from './store/index.js';
import { readStoredConfig } from './stored-run.js';
import { type PoolStart, WorkerPool } from './work/pool.js';
import { quietEvents } from './work/quiet-events.js';
import { withinGrace } from './work/stop-deadline.js';

export interface TaskRequest {
  /** The run's folder. */
  readonly folder: string;
  /** The task's id. */
  readonly task: string;
  /** Folder that relative paths of the configuration start from. @default process.cwd() */
  readonly project?: string;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. */
  readonly machine?: JsonObject;
  /** Aborted: save at the next step and throw `STOPPED`. */
  readonly signal?: AbortSignal;
  /** Seconds that are left for that, as for a run. @default 8 */
  readonly graceSeconds?: number;
}

/**
 * Executes one task of a run in this process, from its checkpoint to its committed result. Reads nothing but JSON and
 * tensors from the run's folder, loads no code from there; the plugins are those that its configuration refers to.
 * @throws DnaError `MODULE_FOREIGN` before anything is imported, where one of them is not the project's own.
 */
export async function runTask(request: TaskRequest): Promise<void> {
  let tell: (text: string) => void = () => undefined;
  // A folder that is no run is not made one.
  attachRunFolder(request.folder);
  const folder = openRunFolder(request.folder, { noticed: (text) => tell(text) });
  try {
    const task = folder.readTask(request.task);
    if (!task) throw noSuchTask(request.folder, request.task, folder.taskIds());
    checkTask(task, request.task);
    const { config, project } = readStoredConfig(folder, request);
    const events = quietEvents(await applyPlugins(config, { project, main: false }));
    tell = events.noticed;
    const { checkpointSeconds = 60 } = config.machine as { checkpointSeconds?: number };
    const { token, path } = folder;
    await executeInThread(task, request, {
      start: { config, project, folder: path, token, checkpointSeconds },
      events,
    });
  } finally {
    folder.release();
  }
}

/** This thread stays free to hear signals, and a worker thread computes. */
async function executeInThread(
  task: Task,
  { signal, graceSeconds }: TaskRequest,
  { start, events }: { start: PoolStart; events: TaskEvents },
): Promise<void> {
  const pool = new WorkerPool(1, start, events);
  const onAbort = () => pool.stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const work = async () => {
    await pool.backend();
    await pool.openWorld(undefined);
    await pool.executeTogether([{ stage: task.stage, tasks: [task], index: 0, count: 1 }]);
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
