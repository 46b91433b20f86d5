import { resolve } from 'node:path';
import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { PluginRun } from 'dna-nas/core';
import { applyPlugins } from 'dna-nas/core/plugin';
import type { CountedSpace } from 'dna-nas/core/stages';
import { countingOf, requestFrom } from 'dna-nas/run-tools';

export interface OpenedSpace extends CountedSpace {
  /** As it was configured. */
  readonly run: PluginRun;
}

/** The space of a preset or of a run in a folder, counted on its images; starts no backend. */
export async function openSpace(source: string, request: ConfigRequest = {}): Promise<OpenedSpace> {
  const project = resolve(request.project ?? process.cwd());
  const config = await resolveConfig(requestFrom(source, { configFile: false, ...request }));
  const run = await applyPlugins(config, { project, main: false });
  const space = await run.resolve('resolveSpace', 'space');
  const { image, classes } = await countingOf(run);
  return { space, data: { image, classes }, run };
}
