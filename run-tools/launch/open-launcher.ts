import { type JsonObject, packageVersion } from 'dna-nas/core';
import { type ResolvedConfig, requireOwnModules, storedConfig } from 'dna-nas/core/config';
import type { Launcher, RemoteLauncher } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import type { LaunchRecord, LaunchSetting } from './launch-record.js';

const SLOT = 'launcher';
/** What says where a run lies and how it is shown, and nothing to its tasks. */
const OF_NO_TASK = /^(name|runs|reports\.\d+\..*|launcher\..*)$/;

/** How a configuration has a run launched; undefined where it names no launcher. */
export function launchSetting(config: ResolvedConfig, project: string): LaunchSetting | undefined {
  const plugin = config.plugins.find(({ slot }) => slot === SLOT);
  if (!plugin) return undefined;
  const options = entriesOf(config.machine, (path) => path.startsWith(`${SLOT}.`));
  const isGiven = (path: string) =>
    Object.entries(config.sources).some(
      ([known, source]) => source !== 'default' && (known === path || known.startsWith(`${path}.`)),
    );
  const machine = entriesOf(config.machine, (path) => !OF_NO_TASK.test(path) && isGiven(path));
  return { plugin, options, project, machine };
}

/**
 * Loads a launcher, and no other plugin. Where a record names it, it has to be the project's own.
 * @throws DnaError `MODULE_FOREIGN` before anything of it is imported.
 */
export async function openLauncher(
  { plugin, options, project }: LaunchSetting,
  record?: LaunchRecord,
): Promise<Launcher> {
  const config = storedConfig({
    ...{ version: packageVersion(), preset: null, name: SLOT, seed: 0, values: {} },
    plugins: [plugin],
  });
  if (record) requireOwnModules(config, { project, folder: record.path });
  const run = await applyPlugins({ ...config, sources: {}, machine: options }, { project, main: false });
  return run.resolve('resolveLauncher', SLOT);
}

/** Whether a launcher has tasks executed by others. */
export function isRemote(launcher: Launcher | undefined): launcher is RemoteLauncher {
  return launcher?.where === 'elsewhere';
}

function entriesOf(options: JsonObject, wanted: (path: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(options).filter(([path]) => wanted(path)));
}
