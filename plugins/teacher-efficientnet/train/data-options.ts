import { loadPlugins } from 'dna-nas/configuration';
import type { JsonObject } from 'dna-nas/core';
import type { Preprocessing } from 'dna-nas/core/contracts';
import type { TrainCommandOptions } from './options.js';

/** What is known already is not learned from a twelfth of an image. */
const MILD_CROP = { scale: [0.5, 1] };

/**
 * Options of the data plugin. What the command line leaves open is as the images of the weights to begin with were made
 * ready, as far as the plugin has options for it.
 */
export async function dataOptionsFor(
  { data, dataOptions }: Pick<TrainCommandOptions, 'data' | 'dataOptions'>,
  preprocessing: Preprocessing | undefined,
  project: string,
): Promise<JsonObject> {
  if (!preprocessing) return dataOptions;
  const known = await optionsOf(data, project);
  const { mean, std, crop, interpolation, cropMode } = preprocessing;
  const evaluation = { crop, interpolation, ...(cropMode && { cropMode }) };
  const wishes = { mean: [...mean], std: [...std], evaluation, crop: MILD_CROP };
  return {
    ...Object.fromEntries(Object.entries(wishes).filter(([name]) => known.has(name))),
    ...dataOptions,
  };
}

/** Names of the options that a data plugin has. */
async function optionsOf(data: string, project: string): Promise<ReadonlySet<string>> {
  const isFile = /^\.|[\\/]|\.[cm]?[jt]s$/.test(data);
  const name = isFile || data.startsWith('data-') ? data : `data-${data}`;
  const plugins = await loadPlugins(name, project);
  return new Set(
    plugins.flatMap(({ factory }) => Object.keys(factory?.definition.options?.properties ?? {})),
  );
}
