import type { Task, TaskStage, TrainingWorld } from './contracts/index.js';
import type { Session } from './session.js';
import { dealTasks } from './work/deal.js';

/** Lays a stage's tasks out in the run folder, has the workers execute those without a result, and collects. */
export async function runTaskStage<Input, Output, Place extends TrainingWorld>(
  session: Session,
  request: {
    readonly name: Task['stage'];
    readonly stage: TaskStage<Input, Output, Place>;
    readonly world: Place;
    readonly input: Input;
    /** What the run makes of the stage's output: changes by plugins, files of its own. */
    readonly finish?: (output: Output) => Promise<Output>;
    /** Work of the stages after this one, for the time left. */
    readonly workToCome: number;
    /** Whether the stage comes again in a later round. */
    readonly again?: boolean;
  },
): Promise<Output> {
  const { name, stage, world, input } = request;
  const tasks = stage.tasks(world, input);
  for (const task of tasks) session.folder.writeTask(task);
  const open = tasks.filter((task) => !session.folder.tasks.hasResult(task.id));
  const work = open.reduce((sum, task) => sum + task.work, 0);
  return session.stage(name, {
    description: stage.describe(world),
    tasks: {
      tasks: tasks.length,
      tasksDone: tasks.length - open.length,
      work,
      workToCome: request.workToCome,
    },
    work: async () => {
      if (open.length > 0) await execute(session, { name, stage, world, open });
      await session.settled();
      const output = await stage.collect(world, tasks, session.folder.tasks);
      return request.finish ? request.finish(output) : output;
    },
    conclude: (output) => stage.conclude(output),
    again: request.again ?? false,
  });
}

async function execute<Input, Output, Place extends TrainingWorld>(
  session: Session,
  job: {
    name: Task['stage'];
    stage: TaskStage<Input, Output, Place>;
    world: Place;
    open: readonly Task[];
  },
): Promise<void> {
  const { name, stage, world, open } = job;
  if (stage.scheduling === 'apart') return session.pool.executeApart(name, open);
  const bundles = dealTasks(open, session.pool.size);
  const bytes = stage.share?.(world, bundles) ?? 0;
  const shared = bytes > 0 ? { shared: new SharedArrayBuffer(bytes) } : {};
  const orders = bundles.map((tasks, index) => ({
    stage: name,
    tasks,
    index,
    count: bundles.length,
    ...shared,
  }));
  return session.pool.executeTogether(orders);
}
