import type { Command } from 'commander';
import { loadPlugins } from 'dna-nas/configuration';
import { builtInDefinition } from 'dna-nas/core/plugin';
import { setUpCommand } from './schema-command.js';

/** Gives a command of a plugin of the package what it needs. */
export function setUpPluginCommand(
  command: Command,
  { name, plugin }: { name: string; plugin: string },
): void {
  const isFound = (candidate: { name: string }) => candidate.name === name;
  const described = builtInDefinition(plugin).commands?.find(isFound);
  if (!described) throw new Error(`The plugin ${plugin} has no command ${name}.`);
  setUpCommand(command, {
    ...described,
    run: async (...given) => {
      const [loaded] = await loadPlugins(plugin, process.cwd());
      await loaded!.factory!.definition.commands!.find(isFound)!.run(...given);
    },
  });
}
