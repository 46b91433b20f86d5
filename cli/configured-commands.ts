import type { Command } from 'commander';
import { loadPlugins, resolveConfig } from 'dna-nas/configuration';
import type { PluginCommand } from 'dna-nas/core';
import { setUpCommand } from './schema-command.js';
import { subcommand } from './subcommand.js';

const OURS = /^dna-nas\//;

/** Adds the commands of plugins that the configuration of this folder has from files and packages. */
export async function addConfiguredCommands(program: Command): Promise<void> {
  for (const found of await configuredCommands()) {
    const command = subcommand(program, found.name.split(' '));
    // A command of ours stays what it is.
    if (command.registeredArguments.length === 0 && command.options.length === 0)
      setUpCommand(command.description(found.description), found);
  }
}

/** None where the configuration cannot be read: the command line names no command of ours either, which is told. */
async function configuredCommands(): Promise<PluginCommand[]> {
  const project = process.cwd();
  try {
    const { plugins } = await resolveConfig({ project });
    const theirs = plugins.map(({ reference }) => reference).filter(({ module }) => !OURS.test(module));
    const loaded = await Promise.all(
      theirs.map(({ module, export: name }) => loadPlugins(`${module}#${name}`, project)),
    );
    return loaded.flat().flatMap(({ factory }) => factory?.definition.commands ?? []);
  } catch {
    return [];
  }
}
