import { join, resolve } from 'node:path';
import { definePlugin, type PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { createSplitMemory, type ImageMemory, openImages, outlineSplits } from 'dna-nas/nn/images';
import { CIFAR10 } from './format.js';
import { getCommand } from './get/command.js';
import { KEPT_FOLDER } from './kept-folder.js';
import { type DataCifar10Options, OPTIONS } from './options.js';
import { readFolder } from './read-folder.js';

export type { DataCifar10Options } from './options.js';
export { decodePng, type PngRequest } from './png.js';

/** CIFAR-10: 50,000 training and 10,000 test images of 32×32 in ten classes. */
export const dataCifar10 = definePlugin<DataCifar10Options>({
  name: 'data-cifar10',
  description: 'CIFAR-10, from the files of its binary version or from lossless PNG files.',
  module: 'dna-nas/plugins/data-cifar10',
  export: 'dataCifar10',
  options: OPTIONS,
  commands: [getCommand],
  apply(run, options) {
    const source = {
      outline: () => outlineSplits(CIFAR10, options),
      open: (shared?: unknown) => open(run, options, shared as ImageMemory | undefined),
    };
    run.hooks.resolveData.tap('data-cifar10', () => source);
  },
});

async function open(run: PluginRun, options: DataCifar10Options, shared?: ImageMemory): Promise<Dataset> {
  return openImages(shared ?? readMemory(run, options), run.hooks, options.augment);
}

function readMemory({ project }: PluginRun, options: DataCifar10Options): ImageMemory {
  const folder = options.path === undefined ? join(project, KEPT_FOLDER) : resolve(project, options.path);
  const { train, test, hashes } = readFolder(folder, options.path);
  const { image, name, classNames } = CIFAR10;
  return createSplitMemory({ image, train, test, hashes }, options, { name, classNames });
}
