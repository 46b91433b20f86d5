import type { Command } from 'commander';
import { addConfigOptions, collect, toRequest } from './config-options.js';
import { subcommand } from './subcommand.js';

/** The commands for those who choose and those who write plugins. */
export function addPluginAuthoring(program: Command): void {
  addList(program.command('plugins'));
  subcommand(program, ['plugin', 'new'])
    .argument('<kind>', 'backend, data, loss or space')
    .argument('<name>', 'its name, which becomes the folder')
    .description('write a plugin of a kind that works and passes its own tests, to start from')
    .action(async (kind: string, name: string) => {
      const { pluginNewCommand } = await import('./plugin-new.js');
      pluginNewCommand(kind, name);
    });
  subcommand(program, ['plugin', 'test'])
    .argument('<plugin...>', 'files, packages or names of plugins')
    .option('--set <option=value>', 'set one of its options (repeatable)', collect)
    .option('--json', 'print data')
    .description('check plugins against what their kind promises')
    .action(async (files: string[], options) => {
      const { pluginTestCommand } = await import('./plugin-test.js');
      await pluginTestCommand(files, options);
    });
}

function addList(command: Command): void {
  addConfigOptions(command)
    .argument('[name...]', 'plugins whose options to show: names, packages or files')
    .description('list the plugins by slot and who answers each hook, or the options of some')
    .option('--json', 'print data')
    .action(async (names: string[], options) => {
      const { pluginsCommand } = await import('./plugins.js');
      await pluginsCommand(names, { request: toRequest(options), json: options.json ?? false });
    });
}
