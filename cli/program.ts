import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addConfigOptions, collect, toRequest } from './config-options.js';
import { addPluginCommands } from './plugin-commands.js';
import { subcommand } from './subcommand.js';

const NEXT_STEPS = `
Start here:
  dna run --preset quickstart     search a network on this machine, from data to report
  dna config --preset quickstart  see every option, its value and where it came from
  dna plugins                     what can be put in each slot
  dna <command> --help            options of one command
`;

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** The commands; `words` are the command line's, of which plugin commands load their own plugin. */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('dna')
    .description('Blockwise supervised architecture search with knowledge distillation.')
    .version(version())
    .option('--stack', 'show where an error came from (with any command)')
    .addHelpText('after', NEXT_STEPS)
    // What is wrong with a command line is told as every other error is.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addRun(program);
  addConfig(program);
  addLists(program);
  addTask(program);
  addVerify(program);
  addReport(program);
  addBackend(program);
  await addPluginCommands(program, words);
  return program;
}

function addRun(program: Command): void {
  addConfigOptions(program.command('run'))
    .description('run the search, or go on with it after it was stopped')
    .option('--until <stage>', 'end after this stage')
    .option('--take-over', 'go on with a run that another host has left behind')
    .action(async (options) => {
      const { runCommand } = await import('./run.js');
      await runCommand(toRequest(options), { until: options.until, takeOver: options.takeOver });
    });
}

function addConfig(program: Command): void {
  addConfigOptions(program.command('config'))
    .description('show the configuration: each value, where it came from, who answers each hook')
    .option('--json', 'print data')
    .action(async (options) => {
      const { configCommand } = await import('./config.js');
      await configCommand(toRequest(options), { json: options.json ?? false });
    });
}

function addLists(program: Command): void {
  program
    .command('presets')
    .description('list the presets')
    .option('--json', 'print data')
    .action(async (options) => {
      const { presetsCommand } = await import('./presets.js');
      await presetsCommand({ json: options.json ?? false });
    });
  program
    .command('plugins')
    .argument('[name...]', 'plugins whose options to show')
    .description('list the plugins by slot, or the options of some')
    .option('--json', 'print data')
    .action(async (names: string[], options) => {
      const { pluginsCommand } = await import('./plugins.js');
      await pluginsCommand(names, { json: options.json ?? false });
    });
}

function addTask(program: Command): void {
  program
    .command('task')
    .argument('<run>', "the run's folder")
    .argument('<id>', 'the task, as its file in the folder is named')
    .option('--set <path=value>', 'set an option of this machine', collect)
    .description('execute one task of a run, here')
    .action(async (folder: string, id: string, options) => {
      const { taskCommand } = await import('./task.js');
      await taskCommand(folder, id, options);
    });
}

function addVerify(program: Command): void {
  program
    .command('verify')
    .argument('<run>', "the run's folder")
    .option('--json', 'print data')
    .description('check every file of a run against its seal, and say what is damaged')
    .action(async (folder: string, options) => {
      const { verifyCommand } = await import('./verify.js');
      verifyCommand(folder, { json: options.json ?? false });
    });
}

function addReport(program: Command): void {
  program
    .command('report')
    .argument('<run>', "the run's folder")
    .option('--features [images]', 'draw feature maps of these images: indices or file names, with commas')
    .option('--split <split>', 'where the images are: validation (the default), test or train')
    .option('--set <path=value>', 'set an option of this machine (repeatable)', collect)
    .option('--json', 'print data')
    .description('draw the reports of a run again, with feature maps of teacher and student if asked for')
    .action(async (folder: string, options) => {
      const { reportCommand } = await import('./report.js');
      await reportCommand(folder, { ...options, json: options.json ?? false });
    });
}

function addBackend(program: Command): void {
  subcommand(program, ['backend', 'list'])
    .option('--json', 'print data')
    .description('list the backends, and whether they work here')
    .action(async (options) => {
      const { backendListCommand } = await import('./backend.js');
      await backendListCommand({ json: options.json ?? false });
    });
}
