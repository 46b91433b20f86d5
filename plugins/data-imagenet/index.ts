import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { definePlugin, type PluginRun } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import { nearestFile } from 'dna-nas/errors';
import { isFolder } from 'dna-nas/files';
import { changesAugmentations, stageAugmentations } from './augmentations.js';
import { buildCatalogue } from './build-catalogue.js';
import type { Catalogue } from './catalogue.js';
import type { ThreadStart } from './decode-messages.js';
import { DecodePool, type Decoder, InlineDecoder } from './decode-pool.js';
import { folderMissing, pathMissing } from './errors.js';
import type { DataLocation } from './find-images.js';
import { ImageFiles } from './image-files.js';
import { imageReader } from './image-reader.js';
import { isListName } from './lists/read-rows.js';
import { type DataImagenetOptions, OPTIONS } from './options.js';
import { outline } from './outline.js';
import { isParquetName } from './parquet/find-parquet.js';

export type { DataImagenetOptions } from './options.js';

/** ImageNet, or any images in folders named by their classes, in lists or in WebDataset tar shards. */
export const dataImagenet = definePlugin<DataImagenetOptions>({
  name: 'data-imagenet',
  description:
    'ImageNet, or any images in folders named by their classes, in lists or in WebDataset tar shards.',
  module: import.meta.url,
  export: 'dataImagenet',
  options: OPTIONS,
  apply(run, options) {
    const source = {
      open: (shared?: unknown) => open(run, options, shared as Catalogue | undefined),
      outline: () => outline(run.project, options),
      imageReader: () => imageReader(options),
    };
    run.hooks.resolveData.tap('data-imagenet', () => source);
  },
});

async function open(run: PluginRun, options: DataImagenetOptions, shared?: Catalogue): Promise<Dataset> {
  const catalogue = shared ?? (await buildCatalogue(run, findLocation(run.project, options.path), options));
  const decoder = await openDecoder(run, options, catalogue);
  // Who takes it over from another thread is about to read.
  if (shared && decoder instanceof DecodePool) decoder.start();
  return new ImageFiles(catalogue, decoder);
}

function findLocation(project: string, path: string | undefined): DataLocation {
  if (path === undefined) throw pathMissing();
  const absolute = resolve(project, path);
  if (isFolder(absolute)) return { root: absolute };
  if ((isListName(absolute) || isParquetName(absolute)) && existsSync(absolute))
    return { root: dirname(absolute), list: basename(absolute) };
  throw folderMissing(path, nearestFile(absolute, path));
}

async function openDecoder(
  run: PluginRun,
  options: DataImagenetOptions,
  catalogue: Catalogue,
): Promise<Decoder> {
  const threads = options.threads ?? threadsFor(availableParallelism() / (run.workers ?? 1));
  const changed = changesAugmentations(run);
  const start: ThreadStart = {
    catalogue,
    options,
    run: changed && run.config ? { config: run.config, project: run.project } : undefined,
  };
  // A run that was made by hand cannot be made again in threads.
  if (threads === 0 || (changed && !run.config)) {
    return new InlineDecoder(start, await stageAugmentations(options, run.hooks));
  }
  const { cores } = run;
  return new DecodePool({
    threads,
    ...(options.threads === undefined && cores && { atOnce: () => threadsFor(cores.call(run)) }),
    start,
  });
}

function threadsFor(cores: number): number {
  return Math.max(1, Math.floor(cores));
}
