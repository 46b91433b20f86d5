import { isPlainObject } from './config/plain.js';
import type { Task } from './contracts/index.js';
import { noSuchTask } from './errors.js';
import type { JsonObject } from './plugin.js';
import { corrupt } from './store/errors.js';
import { attachRunFolder, openRunFolder } from './store/index.js';
import { applyStoredPlugins } from './stored-run.js';
import { executeBundle } from './work/execute.js';
import { quietEvents } from './work/quiet-events.js';
import { openWorld } from './world.js';

export interface TaskRequest {
  /** The run's folder. */
  readonly folder: string;
  /** The task's id. */
  readonly task: string;
  /** Folder that relative paths of the configuration start from. @default process.cwd() */
  readonly project?: string;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. */
  readonly machine?: JsonObject;
  readonly signal?: AbortSignal;
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
    const run = await applyStoredPlugins(folder, request);
    const events = quietEvents(run);
    tell = events.noticed;
    const backend = await run.resolve('resolveBackend', 'backend');
    await backend.start({ workers: 1 });
    const place = {
      run,
      world: await openWorld(run),
      store: folder.tasks,
      events,
      checkpointSeconds: 60,
      shouldStop: () => request.signal?.aborted ?? false,
    };
    await executeBundle(place, { stage: task.stage, tasks: [task], index: 0, count: 1 });
  } finally {
    folder.release();
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
