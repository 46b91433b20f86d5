// A run's plugins in this process, with its backend started: what our sides of the comparisons are made of.
import { parseArgs } from 'node:util';
import { resolveConfig } from 'dna-nas/configuration';
import { applyPlugins } from 'dna-nas/core/plugin';
import { tf } from 'dna-nas/nn';

/**
 * Resolves a configuration upon the quickstart's, applies its plugins and starts its backend, for one worker.
 * @param {object} config what a configuration file would say
 * @param {{ folder?: string, set: string[] }} options the project, and settings as of `dna run`
 */
export async function openRun(config, { folder = process.cwd(), set }) {
  const request = { project: folder, configFile: false, preset: 'quickstart', config, set };
  const run = await applyPlugins(await resolveConfig(request), { project: folder, main: false });
  const backend = await run.resolve('resolveBackend', 'backend');
  return { run, backend: await backend.start({ workers: 1 }) };
}

/** The version of libtorch that the current backend runs on; undefined on another backend. */
export function torchVersion() {
  return tf.backend().native?.describe().torch;
}

/** The options of our sides' programs. */
export function readOwnOptions() {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string' },
      teacher: { type: 'string', default: 'efficientnet_b0' },
      /** Images of a batch, where no folder holds them. */
      batch: { type: 'string', default: '16' },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  return values;
}
