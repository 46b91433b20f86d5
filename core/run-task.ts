import { resolve } from 'node:path';
import { applyPlugins } from './apply-plugins.js';
import type { ResolvedConfig } from './config/types.js';
import type { TaskEvents } from './contracts/index.js';
import { noSuchTask } from './errors.js';
import type { JsonObject, PluginRun } from './plugin.js';
import { attachRunFolder, openRunFolder } from './store/index.js';
import { executeBundle } from './work/execute.js';
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
 * Executes one task of a run in this process, from its checkpoint to its committed result. Reads nothing but JSON
 * from the run's folder; the plugins are those that its configuration refers to.
 */
export async function runTask(request: TaskRequest): Promise<void> {
  let tell: (text: string) => void = () => undefined;
  // A folder that is no run is not made one.
  attachRunFolder(request.folder);
  const folder = openRunFolder(request.folder, { noticed: (text) => tell(text) });
  try {
    const task = folder.readTask(request.task);
    const stored = folder.readJson('config') as Omit<ResolvedConfig, 'machine' | 'sources'> | undefined;
    if (!task || !stored) throw noSuchTask(request.folder, request.task, folder.taskIds());
    const config = { ...stored, sources: {}, machine: request.machine ?? {} };
    const run = await applyPlugins(config, {
      project: resolve(request.project ?? process.cwd()),
      main: false,
    });
    const events = quietEvents(run);
    tell = events.noticed;
    const backend = await run.resolve('resolveBackend', 'backend');
    await backend.start();
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

/** A task that runs on its own reports by its result; only what a person must know is told. */
function quietEvents(run: PluginRun): TaskEvents {
  const nothing = () => undefined;
  return {
    progress: nothing,
    timeSpent: nothing,
    noticed: (text) => void run.hooks.noticed.promise(text),
    stepFinished: nothing,
    epochFinished: nothing,
    cellTrained: nothing,
    candidateRated: nothing,
    checkpointSaved: nothing,
  };
}
