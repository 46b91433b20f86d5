import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addConfigOptions, collect, toRequest } from './config-options.js';
import { addData, addInit } from './images-commands.js';
import { addEvaluate, addExport, addLatency, addPredict } from './network-commands.js';
import { addPluginAuthoring } from './plugin-authoring.js';
import { addPluginCommands } from './plugin-commands.js';
import { addAudit, addSearch, addTruth } from './ratings-commands.js';
import { addCompare, addLaunched, addRuns, addTask, addTasks } from './runs-commands.js';
import { subcommand } from './subcommand.js';

const NEXT_STEPS = `
Start here:
  dna doctor                      see whether this machine is ready
  dna run --preset quickstart     search a network on this machine, from data to report
  dna init photos                 the same on images of your own: write its configuration
  dna plan --preset quickstart    look it over first: what fits, what it will take
  dna config --preset quickstart  see every option, its value and where it came from
  dna plugins                     what can be put in each slot
  dna <command> --help            options of one command
`;

/** Version of the package, read without loading `core`. */
export function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/** The commands; `words` are the command line's, of which plugin commands load their own plugin, or all of them. */
export async function createProgram(words: readonly string[] | 'all'): Promise<Command> {
  const program = new Command('dna')
    .description('Blockwise supervised architecture search with knowledge distillation.')
    .version(version())
    .option('--stack', 'show where an error came from (with any command)')
    .addHelpText('after', NEXT_STEPS)
    // What is wrong with a command line is told as every other error is.
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addInit(program);
  addRun(program);
  addAblate(program);
  addRetrain(program);
  addSearch(program);
  addTruth(program);
  addPlan(program);
  addDescribe(program);
  addConfig(program);
  addPresets(program);
  addPluginAuthoring(program);
  addTask(program);
  addTasks(program);
  addLaunched(program);
  addVerify(program);
  addReport(program);
  addRuns(program);
  addCompare(program);
  addAudit(program);
  await addEvaluate(program, words);
  addExport(program);
  addPredict(program);
  addLatency(program);
  addDoctor(program);
  addCompletion(program);
  addBackend(program);
  addData(program);
  await addPluginCommands(program, words);
  return program;
}

function addRun(program: Command): void {
  addConfigOptions(program.command('run'))
    .description('run the search, or go on with it after it was stopped')
    .option('--from <run>', 'run as the run in this folder was, with what --set and --plugin override')
    .option('--until <stage>', 'end after this stage')
    .option('--lay-out', 'lay tasks out for `dna task` instead of executing them')
    .option('--take-over', 'go on with a run that another host has left behind')
    .option('--fork', 'if the run was started with another configuration, start a new one beside it')
    .action(async (options) => {
      const { runCommand } = await import('./run.js');
      const { from, until, layOut, takeOver, fork } = options;
      await runCommand(toRequest(options), { from, until, layOut, takeOver, fork });
    });
}

function addAblate(program: Command): void {
  addConfigOptions(program.command('ablate'))
    .description('run a grid of options and seeds, and tell what each makes of the result')
    .option('--grid <path=values>', 'vary an option: distill=blockwise,progressive-s1 (repeatable)', collect)
    .option('--grid-file <file>', 'vary what a YAML file says: axis, level, settings')
    .option('--seeds <numbers>', 'seeds that each point is run with', '1,2,3')
    .option('--name <name>', 'folder of the runs and tables below `runs`')
    .option('--parallel <points>', 'runs at the same time: auto, or at most so many', 'auto')
    .option('--json', 'print data')
    .action(async (options) => {
      const { ablateCommand } = await import('./ablate.js');
      await ablateCommand(toRequest(options), options);
    });
}

function addPlan(program: Command): void {
  addConfigOptions(program.command('plan'))
    .description('look over a run before it costs anything: what fits, what is missing, what it will take')
    .option('--seconds <number>', 'time for measuring how fast this machine trains; 0: not at all', '20')
    .option('--images <number>', 'images that the teacher is tried on', '300')
    .option('--json', 'print data')
    .action(async (options) => {
      const { planCommand } = await import('./plan.js');
      const { seconds, images, json = false } = options;
      await planCommand(toRequest(options), { seconds, images, json });
    });
}

function addDescribe(program: Command): void {
  addConfigOptions(program.command('describe'))
    .description('parameters and multiply-adds of a network layer by layer, or of a search space')
    .option('--architecture <text>', 'a published network (dna-a, tf_efficientnet_b7) or a text of the space')
    .option('--image-size <pixels>', 'height and width to count at; by default those of the data set')
    .option('--json', 'print data')
    .action(async (options) => {
      const { describeCommand } = await import('./describe.js');
      const { architecture, imageSize, json = false } = options;
      await describeCommand(toRequest(options), { architecture, imageSize, json });
    });
}

function addRetrain(program: Command): void {
  addConfigOptions(program.command('retrain'))
    .description(
      'train one network, from scratch or from trained weights, without a search, or go on with it',
    )
    .argument('[source]', 'a preset, or the folder of a run, whose space and retraining are taken')
    .option('--architecture <network>', 'a name (dna-a), a text of the space, or the folder of a run')
    .option(
      '--from <weights>',
      'start from a trained network: a file of results, or the folder of a run, whose network and configuration are taken',
    )
    .option('--data <data>', 'train on these: a folder of folders of images, or the name of a data plugin')
    .option('--lay-out', 'lay tasks out for `dna task` instead of executing them')
    .option('--take-over', 'go on with a run that another host has left behind')
    .option('--fork', 'if the run was started with another configuration, start a new one beside it')
    .action(async (source: string | undefined, options) => {
      const { retrainCommand } = await import('./retrain.js');
      await retrainCommand(toRequest(options), source, options);
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

function addPresets(program: Command): void {
  program
    .command('presets')
    .description('list the presets')
    .option('--json', 'print data')
    .action(async (options) => {
      const { presetsCommand } = await import('./presets.js');
      await presetsCommand({ json: options.json ?? false });
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
    .option('--live', 'serve the report to a browser on this machine, and show what changes, until Ctrl-C')
    .option('--port <number>', 'of --live; by default any that is free')
    .option('--set <path=value>', 'set an option of this machine (repeatable)', collect)
    .option('--json', 'print data')
    .description('draw the reports of a run again, with feature maps of teacher and student if asked for')
    .action(async (folder: string, options) => {
      const { reportCommand } = await import('./report.js');
      await reportCommand(folder, { ...options, json: options.json ?? false });
    });
}

function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check whether this machine and folder are ready for a run')
    .option('--launcher <name>', 'look at what a launcher needs of this site, too: slurm')
    .option('--set <path=value>', 'set an option of the launcher, say launcher.sbatch.partition=gpu', collect)
    .option('--json', 'print data')
    .action(async (options) => {
      const { doctorCommand } = await import('./doctor.js');
      const { launcher, set, json = false } = options;
      await doctorCommand({ launcher, set, json });
    });
}

function addCompletion(program: Command): void {
  program
    .command('completion')
    .argument('<shell>', 'bash, zsh, fish or powershell')
    .description('print a script by which a shell completes commands and options')
    .action(async (shell: string) => {
      const { completionCommand } = await import('./completion.js');
      await completionCommand(shell);
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
