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
