import { DnaError, formatProblems, nearest, type Problem, reasonOf } from 'dna-nas/errors';
import { withoutEchoes } from './run/without-echoes.js';

const USAGE = { exitCode: 2 };

/** A run that was asked to stop has saved its state. */
export function stopped(): DnaError {
  return new DnaError(
    'STOPPED',
    'The run was stopped and its state is saved.',
    'Run the same command again to go on.',
    {
      exitCode: 75,
    },
  );
}

/** A program would execute tasks that the configuration gives to other processes. */
export function launchedElsewhere(): DnaError {
  return new DnaError(
    'LAUNCHER_ELSEWHERE',
    'The configuration has a launcher, by which the tasks are executed elsewhere; here they would be executed now.',
    'Start the run by `dna run` (`launchRun` in a program), or set launcher=local.',
    USAGE,
  );
}

export function unansweredHook(hook: string, what: string, fix: string): DnaError {
  return new DnaError('HOOK_UNANSWERED', `No plugin answered ${hook}: there is no ${what}.`, fix, USAGE);
}

export function pluginFailed(plugin: string, hook: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'PLUGIN_FAILED',
    `The plugin ${plugin} failed in ${hook}: ${reason}`,
    /undefined \(reading 'tap|\.tap\w* is not a function/.test(reason)
      ? 'run.hooks has no hook of the name that it taps: `dna config` lists the hooks.'
      : 'Fix the plugin, or take it out of the configuration; --stack shows where it failed.',
    { cause },
  );
}

/** A plugin's author gave a name, schema or function that cannot work. */
export function invalidDefinition(plugin: string, reason: string): DnaError {
  return new DnaError(
    'PLUGIN_DEFINITION',
    `The plugin ${plugin} is defined wrongly: ${reason}.`,
    'Fix what is passed to definePlugin.',
    USAGE,
  );
}

/** A factory or command (`plugin loss-cosine`) was given options that its schema does not allow. */
export function invalidOptions(what: string, problems: readonly Problem[]): DnaError {
  const many = problems.length === 1 ? 'a wrong option' : `${problems.length} wrong options`;
  return new DnaError(
    'PLUGIN_OPTIONS',
    `The ${what} was given ${many}:\n${formatProblems(problems)}`,
    undefined,
    USAGE,
  );
}

export function workerDied(cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'WORKER_DIED',
    `A worker thread ended before its work was done: ${reason}`,
    'Run the same command again to go on from the last checkpoint; with too little memory, add --set workers=1.',
    { cause },
  );
}

/** Devices were asked for by number that are not there. */
export function devicesMissing(
  missing: readonly number[],
  offered: readonly number[],
  owner: string,
): DnaError {
  const things = owner === 'this process' ? 'cores' : 'devices';
  return new DnaError(
    'DEVICES_MISSING',
    `The devices ${missing.join(', ')} were asked for, and ${owner} has the ${things} ${offered.join(', ')}.`,
    'Name some of these (--set devices=[…]), or let the run take all: --set devices=auto.',
    USAGE,
  );
}

/** The workers of one run would compute different bits. */
export function devicesDiffer(first: string, other: string): DnaError {
  return new DnaError(
    'DEVICES_DIFFER',
    `The devices are not alike, so that bits would depend on the placement: one has ${first}, another ${other}.`,
    'Name alike ones: --set devices=[0,1].',
    USAGE,
  );
}

/** A thread cannot be kept on a core. */
export function coreRefused(core: number, reason: string): DnaError {
  return new DnaError(
    'CORE_REFUSED',
    `A worker cannot be kept on core ${core}: ${reason}.`,
    'Leave the cores to the system: --set devices=auto, and --set workers=2 for as many threads.',
  );
}

const MOST_DIFFERENCES = 3;

/** What to do about a run whose configuration is another. */
export const FORK_HINT =
  'Add --fork to start a new run beside it, which takes over the tasks that still hold; or ask for what the run has.';

/** The folder holds another run than the one that is asked for. */
export function runDiffers(
  name: string,
  found: readonly string[],
  hint = 'Start a new run with --set name=<another name>, or ask for what the run has.',
): DnaError {
  const plain = withoutEchoes(found);
  const shown = plain.slice(0, MOST_DIFFERENCES).map((line) => `  ${line}`);
  const more = plain.length - shown.length;
  if (more > 0) shown.push(`  and ${more} more`);
  return new DnaError(
    'RUN_DIFFERS',
    `The run ${name} was started with something else:\n${shown.join('\n')}`,
    hint,
    USAGE,
  );
}

/** A run whose tasks another version has begun. */
export function runOfVersion(name: string, startedBy: string, version: string): DnaError {
  return new DnaError(
    'RUN_VERSION',
    `The run ${name} was started by dna-nas ${startedBy}, and only that version can resume it; this is ${version}.`,
    `Resume it with npx --package dna-nas@${startedBy} dna …, or add --fork to \`dna run\` to start a new run beside it. This version reads it: report, search, evaluate, export.`,
    USAGE,
  );
}

/** What is wrong with a configuration, all at once. */
export function invalidConfig(problems: readonly Problem[]): DnaError {
  const many = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  return new DnaError(
    'CONFIG_INVALID',
    `The configuration has ${many}:\n${formatProblems(problems)}`,
    helpWith(problems),
    USAGE,
  );
}

/** Where what is allowed can be looked up. */
function helpWith(problems: readonly Problem[]): string {
  const plugins = [...new Set(problems.map(({ plugin }) => plugin))];
  const [plugin] = plugins;
  if (plugins.length === 1 && plugin !== undefined) return `\`dna plugins ${plugin}\` lists its options.`;
  return '`dna plugins NAME` lists the options of a plugin, `dna presets` the presets.';
}

/** A plugin's or preset's module does not exist or fails while it is loaded. */
export function unreadableModule(
  module: string,
  cause: unknown,
  at: { project?: string; close?: string | undefined } = {},
): DnaError {
  if (cause instanceof DnaError) return cause;
  return new DnaError(
    'MODULE_UNREADABLE',
    `The module ${module} cannot be loaded: ${reasonOf(cause, at.project)}.`,
    at.close === undefined
      ? 'Check its path (relative files start with ./) and its imports; --stack shows where it failed.'
      : `Did you mean ${at.close}?`,
    { cause, ...USAGE },
  );
}

/** A run folder asks for code that is not the project's own. */
export function foreignModule(module: string, reason: string): DnaError {
  return new DnaError(
    'MODULE_FOREIGN',
    `The run's config.json asks for the module ${JSON.stringify(module)}, which ${reason}; nothing was loaded.`,
    'A task loads plugins of dna-nas, packages of this project and files below it. Put the plugin there, if you trust it, and start a new run.',
    USAGE,
  );
}

/** A module was loaded but does not export the plugin that was asked for. */
export function unusableExport(module: string, name: string | undefined, found: readonly string[]): DnaError {
  const plugins = found.length > 0 ? `; its plugins are: ${found.join(', ')}` : '';
  const what =
    name !== undefined
      ? `exports no plugin ${name}${plugins}`
      : found.length > 1
        ? `exports several plugins where one is wanted: ${found.join(', ')}`
        : 'exports no plugin';
  return new DnaError(
    'PLUGIN_EXPORT',
    `The module ${module} ${what}.`,
    found.length > 0
      ? `Name one of them: ${module}#${nearest(name ?? '', found) ?? found[0]}`
      : 'Export what definePlugin returns (by default or by name), a plugin, or a list of these.',
    USAGE,
  );
}

/** A plugin's file is not the one that the run was started with. */
export function changedModule(plugin: string, file: string): DnaError {
  return new DnaError(
    'PLUGIN_CHANGED',
    `The file ${file} of the plugin ${plugin} has changed since the run was configured.`,
    'Restore the file, or start a new run (another --set name=…).',
    USAGE,
  );
}
