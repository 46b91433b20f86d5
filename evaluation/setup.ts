import { resolve } from 'node:path';
import { builtInBackend, resolveConfig, type UserConfig } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import type { Dataset, Preprocessing } from 'dna-nas/core/contracts';
import { type AppliedRun, applyPlugins } from 'dna-nas/core/plugin';
import { isFolder } from 'dna-nas/files';
import type { CheckpointNetwork, PublishedNetwork, RequestOf } from './request.js';

/** A plugin that costs nothing: with one beside the slots, a configuration need not fill all of them. */
const NOT_A_WHOLE_RUN = ['backend-auto'];

/** A run with nothing in its configuration but what an evaluation needs. */
export async function runWith(config: UserConfig, project: string): Promise<AppliedRun> {
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

type ImagesRequest = RequestOf<PublishedNetwork | CheckpointNetwork>;

/** Opens the images that are asked for, made ready as the network wants them. */
export async function openImages(
  request: ImagesRequest,
  preprocessing: Preprocessing | undefined,
): Promise<Dataset> {
  const { images, project } = request;
  const choice = isFolder(resolve(project, images.data))
    ? imageFolder(request, preprocessing)
    : { use: images.data, ...images.options };
  const run = await runWith({ data: choice }, project);
  const source = await run.resolve('resolveData', 'data');
  return source.open();
}

/** Options of the plugin that reads folders of images. */
function imageFolder(
  { images, split, project }: ImagesRequest,
  preprocessing: Preprocessing | undefined,
): JsonObject & { use: string } {
  const { data, classes, imageSize, options } = images;
  const { mean, std, interpolation, cropMode, test } = preprocessing ?? {};
  const { size, crop } = test ?? preprocessing ?? {};
  return {
    use: 'imagenet',
    path: resolve(project, data),
    ...(classes !== undefined && { classes: resolve(project, classes) }),
    ...((imageSize ?? size) !== undefined && { imageSize: (imageSize ?? size)! }),
    ...(preprocessing && {
      mean: mean!,
      std: std!,
      evaluation: { crop: crop!, interpolation: interpolation!, ...(cropMode && { cropMode }) },
    }),
    // Without a folder for tests all images are tested.
    ...(split !== 'validation' && { heldOutPerClass: 0, testShare: 0 }),
    ...options,
  };
}
