import { describeOwner } from 'dna-nas/files';
import type { Session } from '../run/session.js';
import type { Task, TaskStage, TrainingWorld } from '../stages/index.js';
import { beforeNextLook } from './claim-task.js';
import { dealTasks } from './deal.js';

/** Tasks of one stage that have no result yet. */
export interface OpenTasks<Input, Output, Place extends TrainingWorld> {
  readonly stage: TaskStage<Input, Output, Place>;
  readonly world: Place;
  readonly tasks: readonly Task[];
}

/**
 * Executes tasks until all have results. Those that other processes have claimed are left to them, and waited for
 * where nothing else is left: their results come, or their claims end and the tasks are executed here.
 */
export async function executeTasks<Input, Output, Place extends TrainingWorld>(
  session: Session,
  job: OpenTasks<Input, Output, Place>,
): Promise<void> {
  const others = new OthersWork(session);
  let open = job.tasks;
  while (open.length > 0) {
    const own = await executeClaimable(session, { ...job, tasks: open });
    const left = open.filter(({ id }) => !session.folder.hasResult(id));
    others.book(open.filter((task) => !left.includes(task) && !own.has(task.id)));
    if (left.length === open.length) await others.wait(left);
    open = left;
  }
}

/** Executes what can be claimed; ids of those tasks. */
async function executeClaimable<Input, Output, Place extends TrainingWorld>(
  session: Session,
  { stage, world, tasks }: OpenTasks<Input, Output, Place>,
): Promise<ReadonlySet<string>> {
  const { claims, pool } = session;
  if (stage.scheduling === 'apart') return pool.executeApart(tasks, claims);
  const taken = tasks.filter(({ id }) => claims.take(id).state === 'taken');
  const ids = taken.map(({ id }) => id);
  if (taken.length === 0) return new Set();
  try {
    const bundles = dealTasks(taken, pool.size);
    const bytes = stage.share?.(world, bundles) ?? 0;
    const shared = bytes > 0 ? { shared: new SharedArrayBuffer(bytes) } : {};
    const orders = bundles.map((tasks, index) => ({
      stage: tasks[0]!.stage,
      tasks,
      claims: claims.numbers(tasks.map(({ id }) => id)),
      index,
      count: bundles.length,
      ...shared,
    }));
    await pool.executeTogether(orders);
  } finally {
    for (const id of ids) claims.release(id);
  }
  return new Set(ids);
}

/** Tasks of this run that other processes execute. */
class OthersWork {
  readonly #session: Session;
  #told = '';

  constructor(session: Session) {
    this.#session = session;
  }

  /** Notes what others have finished. */
  book(tasks: readonly Task[]): void {
    if (tasks.length === 0) return;
    this.#session.folder.journal({ event: 'doneElsewhere', tasks: tasks.map(({ id }) => id) });
    for (const { stage, id, work } of tasks)
      this.#session.tell('workDone', { stage, task: id, work }).catch(() => undefined);
  }

  /** Says whom the run waits for, where that has changed, and waits for a moment. */
  async wait(tasks: readonly Task[]): Promise<void> {
    const { claims, signal } = this.#session;
    const held = tasks.flatMap(({ id }) => {
      const claiming = claims.take(id);
      return claiming.state === 'held' ? [{ id, owner: claiming.owner }] : [];
    });
    // What has become free meanwhile is executed first.
    if (held.length < tasks.length) return;
    const text = held.map(({ id, owner }) => `${id} by ${describeOwner(owner)}`).join('\n  ');
    if (text !== this.#told)
      await this.#session.tell('noticed', `Other processes work on what is left:\n  ${text}`);
    this.#told = text;
    await beforeNextLook(claims, signal);
  }
}
