import type { Command } from 'commander';

/** Commands that plugins contribute, so that the help can list them without loading any plugin. */
export const PLUGIN_COMMANDS: Readonly<Record<string, { plugin: string; description: string }>> =
  Object.freeze({
    'teacher train': {
      plugin: 'teacher-efficientnet',
      description: 'Train an EfficientNet on a data set and write it as a teacher.',
    },
  });

/** Adds the plugins' commands; only the one that `words` asks for is loaded, with its options. */
export async function addPluginCommands(program: Command, words: readonly string[]): Promise<void> {
  for (const [name, { plugin, description }] of Object.entries(PLUGIN_COMMANDS)) {
    const parts = name.split(' ');
    const command = parts.reduce(childOf, program).description(description);
    if (!parts.every((part, index) => words[index] === part)) continue;
    const { setUpPluginCommand } = await import('./plugin-command.js');
    await setUpPluginCommand(command, { name, plugin });
  }
}

/** The subcommand of that name, made if there is none: `teacher` before `train`. */
function childOf(parent: Command, name: string): Command {
  const known = parent.commands.find((command) => command.name() === name);
  return known ?? parent.command(name).description(`commands about the ${name}`);
}
