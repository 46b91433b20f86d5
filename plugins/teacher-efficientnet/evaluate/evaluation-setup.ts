import { resolve } from 'node:path';
import { builtInBackend, resolveConfig, type UserConfig } from 'dna-nas/configuration';
import { type CommandTools, type JsonObject, wrongUsage } from 'dna-nas/core';
import type { Dataset, Preprocessing } from 'dna-nas/core/contracts';
import { type AppliedRun, applyPlugins } from 'dna-nas/core/plugin';
import { isFolder } from 'dna-nas/files';
import type { EvaluateOptions } from './options.js';

/** A plugin that costs nothing: with one beside the slots, a configuration need not fill all of them. */
const NOT_A_WHOLE_RUN = ['backend-auto'];

/** A run with nothing in its configuration but what a command needs. */
export async function runWith(config: UserConfig, { project }: CommandTools): Promise<AppliedRun> {
  const resolved = await resolveConfig({
    project,
    configFile: false,
    config,
    plugins: NOT_A_WHOLE_RUN,
  });
  return applyPlugins(resolved, { project, main: true });
}

/** Starts a backend of the package in this thread; returns its description. */
export async function startBackend(name: string): Promise<string> {
  const { description } = await (await builtInBackend(name)).start({ workers: 1 });
  return description;
}

/** Opens the images that `data` names, made ready as the network wants them. */
export async function openData(
  options: EvaluateOptions,
  preprocessing: Preprocessing | undefined,
  tools: CommandTools,
): Promise<Dataset> {
  const { data, dataOptions } = options;
  if (data === undefined) {
    throw wrongUsage(
      'dna evaluate was not told on what images to measure.',
      'Give a folder of class folders, --data DIR, or the name of a data plugin, --data synthetic.',
    );
  }
  const choice = isFolder(resolve(tools.project, data))
    ? imageFolder(options, preprocessing, tools)
    : { use: data, ...dataOptions };
  const run = await runWith({ data: choice }, tools);
  const source = await run.resolve('resolveData', 'data');
  return source.open();
}

/** Options of the plugin that reads folders of images. */
function imageFolder(
  { data, classes, dataOptions, imageSize, split }: EvaluateOptions,
  preprocessing: Preprocessing | undefined,
  { project }: CommandTools,
): JsonObject & { use: string } {
  const { mean, std, interpolation, cropMode, test } = preprocessing ?? {};
  const { size, crop } = test ?? preprocessing ?? {};
  return {
    use: 'imagenet',
    path: resolve(project, data!),
    ...(classes !== undefined && { classes: resolve(project, classes) }),
    ...((imageSize ?? size) !== undefined && { imageSize: (imageSize ?? size)! }),
    ...(preprocessing && {
      mean: mean!,
      std: std!,
      evaluation: { crop: crop!, interpolation: interpolation!, ...(cropMode && { cropMode }) },
    }),
    // Without a folder for tests all images are tested.
    ...(split !== 'validation' && { heldOutPerClass: 0, testShare: 0 }),
    ...dataOptions,
  };
}
