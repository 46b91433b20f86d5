import { type Session, StageReached } from '../run/session.js';
import type { StageAhead, Task, TaskStage, TrainingWorld } from '../stages/index.js';
import { executeTasks } from './execute-tasks.js';

/**
 * Lays a stage's tasks out in the run folder, has the workers execute those without a result, and collects. Where tasks
 * are only to be laid out, it ends the run there instead of executing any.
 */
export async function runTaskStage<Input, Output, Place extends TrainingWorld>(
  session: Session,
  request: {
    readonly name: Task['stage'];
    readonly stage: TaskStage<Input, Output, Place>;
    readonly world: Place;
    readonly input: Input;
    /** What the run makes of the stage's output: changes by plugins, files of its own. */
    readonly finish?: (output: Output) => Promise<Output>;
    /** The stages after this one, for the time left. */
    readonly ahead: readonly StageAhead[];
    /** Tasks of the next stage that can be laid out before these are executed. @default none */
    readonly layOutAhead?: (tasks: readonly Task[]) => readonly Task[];
    /** Whether the stage comes again in a later round. */
    readonly again?: boolean;
  },
): Promise<Output> {
  const { name, stage, world, input } = request;
  const tasks = stage.tasks(world, input);
  session.folder.writeTasks(tasks);
  const open = tasks.filter((task) => !session.folder.hasResult(task.id));
  if (session.layOut && open.length > 0) {
    session.folder.writeTasks(request.layOutAhead?.(tasks) ?? []);
    throw new StageReached();
  }
  const work = open.reduce((sum, task) => sum + workLeft(session, task), 0);
  return session.stage(name, {
    description: stage.describe(world, input),
    tasks: {
      tasks: tasks.length,
      tasksDone: tasks.length - open.length,
      work,
      ahead: request.ahead,
    },
    work: async () => {
      await executeTasks(session, { stage, world, tasks: open });
      await session.settled();
      const output = await stage.collect(world, tasks, session.folder);
      return request.finish ? request.finish(output) : output;
    },
    conclude: (output) => stage.conclude(output),
    again: request.again ?? false,
  });
}

/** Without what an earlier start has done of it, as far as its metrics tell. */
function workLeft({ folder }: Session, { id, work }: Task): number {
  const done = folder.readMetrics(id)?.points.reduce((sum, point) => sum + point.work, 0) ?? 0;
  return Math.max(0, work - done);
}
