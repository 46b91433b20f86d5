import { stopped } from '../errors.js';
import type { PluginRun } from '../plugin/plugin.js';
import type { Task, TaskContext, TaskEvents, TrainingWorld, World } from '../stages/index.js';
import { booked } from './booked-time.js';
import type { BundleOrder } from './messages.js';
import { MetricsRecorder, type RecordedStore } from './metrics-recorder.js';

/** What a thread that executes tasks holds on to. */
export interface WorkerContext {
  readonly run: PluginRun;
  readonly world: TrainingWorld;
  readonly store: RecordedStore;
  readonly events: TaskEvents;
  readonly checkpointSeconds: number;
  /** Where the thread is, by `placeName`. */
  readonly device: string | undefined;
  shouldStop(): boolean;
}

/** Runs one bundle of tasks by the stage that laid them out. */
export async function executeBundle(worker: WorkerContext, order: BundleOrder): Promise<void> {
  const open = order.tasks.filter((task) => !worker.store.hasResult(task.id));
  if (open.length === 0 && !order.shared) return;
  if (worker.shouldStop()) throw stopped();
  const { events, device } = worker;
  await booked({ events, stage: order.stage, device }, (told) =>
    executeTasks({ ...worker, events: told }, order, open),
  );
}

async function executeTasks(worker: WorkerContext, order: BundleOrder, open: readonly Task[]): Promise<void> {
  const stage = await resolveTaskStage(worker.run, order.stage);
  const recorder = new MetricsRecorder({ ...worker, tasks: open });
  const context: TaskContext<TrainingWorld> = {
    ...worker.world,
    store: recorder.store,
    events: recorder.events,
    checkpointSeconds: worker.checkpointSeconds,
    bundle: { index: order.index, count: order.count },
    shouldStop: worker.shouldStop,
    ...(order.shared && { shared: order.shared }),
  };
  // A run without a teacher lays out no tasks but those of retraining.
  try {
    await stage.execute(open, context as TaskContext<World>);
  } finally {
    recorder.end();
  }
}

/** The stage plugin of a task; each answers with a `TaskStage`. */
export function resolveTaskStage(run: PluginRun, stage: Task['stage']) {
  switch (stage) {
    case 'distill':
      return run.resolve('resolveDistill', 'distill');
    case 'rank':
      return run.resolve('resolveRank', 'rank');
    case 'retrain':
      return run.resolve('resolveRetrain', 'retrain');
  }
}
