import type { Command } from 'commander';
import { collect } from './config-options.js';

/** What lists runs. */
export function addRuns(program: Command): void {
  program
    .command('runs')
    .argument('[folder]', 'the folder of runs', 'runs')
    .option(
      '--sort <column>',
      'name, preset, state, started, seconds, accuracy, rating, params, macs',
      'name',
    )
    .option('--filter <condition>', 'state=complete, accuracy>0.7 (repeatable: all must hold)', collect)
    .option('--json', 'print data')
    .description('list the runs of a folder: how far each is, what it found, and what that is worth')
    .action(async (folder: string, options) => {
      const { runsCommand } = await import('./runs.js');
      runsCommand(folder, { ...options, json: options.json ?? false });
    });
}

/** What lays runs side by side. */
export function addCompare(program: Command): void {
  program
    .command('compare')
    .argument('<run...>', 'folders of two or more runs; the others are held to the first')
    .option('--page <file>', 'write a page too, with curves and fronts laid over one another')
    .option('--json', 'print data')
    .description('lay runs side by side: configurations, architectures, costs, ratings, accuracies, losses')
    .action(async (folders: string[], options) => {
      const { compareCommand } = await import('./compare.js');
      await compareCommand(folders, { ...options, json: options.json ?? false });
    });
}

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
