import type { Command } from 'commander';

/** Commands that only group others, for the help. */
const GROUPS: Readonly<Record<string, string>> = {
  backend: 'what computes: which backends work here, and installing one',
  data: 'data sets and tables of accuracies: fetching and checking them',
  'data get': 'fetch and check a data set or a table of accuracies',
  latency: 'milliseconds of the layers of a space: measuring them, here or elsewhere',
  plugin: 'plugins of your own: a new one to start from, and testing one',
  'backend install': 'install a backend that npm does not bring',
  'backend remove': 'remove what was installed for a backend',
};

/** The command of these words below another one (`backend install torch`), made with those on the way. */
export function subcommand(program: Command, words: readonly string[]): Command {
  return words.reduce((parent, word, index) => {
    const path = words.slice(0, index + 1).join(' ');
    const known = parent.commands.find((command) => command.name() === word);
    return known ?? parent.command(word).description(GROUPS[path] ?? `commands about the ${word}`);
  }, program);
}
