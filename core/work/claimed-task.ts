import type { Task } from '../stages/index.js';
import type { TaskClaims } from '../store/index.js';
import type { BundleOrder } from './messages.js';

/** Claims a task for the time of its execution. False, and nothing done, where it is finished or another's. */
export async function executeClaimed(
  task: Task,
  claims: TaskClaims,
  execute: (order: Pick<BundleOrder, 'stage' | 'tasks' | 'claims'>) => Promise<unknown>,
): Promise<boolean> {
  if (claims.take(task.id).state !== 'taken') return false;
  try {
    await execute({ stage: task.stage, tasks: [task], claims: claims.numbers([task.id]) });
    return true;
  } finally {
    claims.release(task.id);
  }
}
