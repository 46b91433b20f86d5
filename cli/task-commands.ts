import type { Command } from 'commander';
import { collect } from './config-options.js';

export function addTask(program: Command): void {
  program
    .command('task')
    .argument('<run>', "the run's folder")
    .argument('<id>', 'the task, as its file in the folder is named')
    .option('--set <path=value>', 'set an option of this machine', collect)
    .option('--take-over', 'take the task from another host without waiting for its lease')
    .description('execute one task of a run, here, while other processes execute others')
    .action(async (folder: string, id: string, options) => {
      const { taskCommand } = await import('./task.js');
      await taskCommand(folder, id, options);
    });
}

export function addTasks(program: Command): void {
  program
    .command('tasks')
    .argument('<run>', "the run's folder")
    .option('--json', 'print data')
    .description('list the tasks that a run has laid out: finished, claimed, ready or waiting for others')
    .action(async (folder: string, options) => {
      const { tasksCommand } = await import('./tasks.js');
      tasksCommand(folder, { json: options.json ?? false });
    });
}

/** Commands on runs that a launcher has placed elsewhere. */
export function addLaunched(program: Command): void {
  program
    .command('status')
    .argument('<run>', "the run's folder")
    .option('--json', 'print data')
    .description('show how far a run is that jobs or other processes work on: steps, speed, time left')
    .action(async (folder: string, options) => {
      const { statusCommand } = await import('./status.js');
      await statusCommand(folder, { json: options.json ?? false });
    });
  program
    .command('cancel')
    .argument('<run>', "the run's folder")
    .description('end the jobs of a run that was launched; what they have saved stays')
    .action(async (folder: string) => {
      const { cancelCommand } = await import('./launch.js');
      await cancelCommand(folder);
    });
  program
    .command('advance')
    .argument('<run>', "the run's folder")
    .option('--take-over', 'go on with a run that another host has left behind')
    .description('go on with a run that was launched, once its jobs have ended: its last job does so')
    .action(async (folder: string, options) => {
      const { advanceCommand } = await import('./launch.js');
      await advanceCommand(folder, options);
    });
}
