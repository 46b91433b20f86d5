import * as core from 'dna-nas/core';
import { withStopSignals } from './stop-signals.js';

/** What a task is executed with; its result is committed in the run's folder. */
interface TaskOrder {
  readonly folder: string;
  readonly task: string;
  /** Options of this machine, `path=value`. */
  readonly set: readonly string[];
  readonly signal: AbortSignal;
}

const { runTask } = core as unknown as { runTask(order: TaskOrder): Promise<void> };

/** `dna task`: executes one task of a run, here. */
export async function taskCommand(
  folder: string,
  task: string,
  { set }: { set: readonly string[] },
): Promise<void> {
  await withStopSignals((signal) => runTask({ folder, task, set, signal }));
}
