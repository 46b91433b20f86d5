import type { Command } from 'commander';
import { addConfigOptions, toRequest } from './config-options.js';
import { subcommand } from './subcommand.js';

/** `dna init`: a configuration for images of one's own. */
export function addInit(program: Command): void {
  program
    .command('init')
    .argument('[images]', 'a folder of images or a list; by default the one that is here')
    .option(
      '--teacher <file>',
      'weights of the teacher; by default those that are here, or a file to be trained',
    )
    .option('--architecture <name>', 'its network, where the file does not say it: tf_efficientnet_lite0')
    .option('--image-size <pixels>', 'height and width at which images are seen')
    .option('--name <name>', 'folder of the run below `runs`')
    .option('--force', 'write over a dna.config.ts that is there')
    .description('look at your images and a teacher, and write a dna.config.ts that runs')
    .action(async (images: string | undefined, options) => {
      const { initCommand } = await import('./init.js');
      await initCommand(images, options);
    });
}

/** `dna data check`. */
export function addData(program: Command): void {
  addConfigOptions(subcommand(program, ['data', 'check']))
    .argument('[path]', 'a folder of images or a list; by default the data of the configuration')
    .option('--json', 'print data')
    .description(
      'read every image once: what is damaged, unbalanced, there twice, and how fast they are read',
    )
    .action(async (path: string | undefined, options) => {
      const { dataCheckCommand } = await import('./data-check.js');
      await dataCheckCommand(toRequest(options), path, { json: options.json ?? false });
    });
}
