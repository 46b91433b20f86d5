import { basename } from 'node:path';
import { storedConfig } from '../config/stored-config.js';
import type { ResolvedConfig } from '../config/types.js';
import { FORK_HINT, runDiffers, runOfVersion } from '../errors.js';
import { packageVersion } from '../plugin/catalogue.js';
import type { JsonObject } from '../plugin/plugin.js';
import { RUN_FORMAT } from '../store/format.js';
import type { AttachedRunFolder } from '../store/index.js';
import { differences } from './identity.js';

/** A configuration as `config.json` of a run's folder holds it. */
export type StoredRunConfig = JsonObject & {
  readonly version: string;
  readonly values: JsonObject;
  readonly plugins: readonly JsonObject[];
};

/** What is kept of a configuration: neither where values came from, nor what is this machine's, nor where tasks go. */
export function toStored(config: ResolvedConfig): StoredRunConfig {
  const { version, preset, name, seed } = config;
  const { launcher: _launcher, ...values } = config.values;
  const plugins = config.plugins.filter(({ slot }) => slot !== 'launcher');
  return JSON.parse(JSON.stringify({ format: RUN_FORMAT, version, preset, name, seed, values, plugins }));
}

/** The configuration that a folder's run was started with; undefined where there is none. */
export function readStored(folder: AttachedRunFolder): StoredRunConfig | undefined {
  const stored = folder.readJson('config');
  return stored === undefined ? undefined : (storedConfig(stored) as unknown as StoredRunConfig);
}

/**
 * One line for each difference that makes another run. Neither its name does, as its folder may be copied, nor the
 * reports that show it.
 */
export function configDifferences(before: StoredRunConfig, now: StoredRunConfig): string[] {
  return differences(identityOf(before), identityOf(now));
}

function identityOf({ name: _name, format: _format, ...config }: StoredRunConfig): JsonObject {
  const { reports: _reports, ...values } = config.values;
  const plugins = config.plugins.filter(({ slot }) => slot !== 'reports');
  return { ...config, values, plugins };
}

/**
 * A later start must ask for the configuration that the run's tasks were laid out with, reports apart. Before there
 * is a task nothing depends on it: a mistake is corrected by starting again.
 *
 * @throws DnaError `RUN_VERSION`, `RUN_DIFFERS`.
 */
export function checkConfig(folder: AttachedRunFolder, config: ResolvedConfig): void {
  const now = toStored(config);
  const before = readStored(folder);
  const found = before && configDifferences(before, now);
  if (found?.length === 0) return;
  if (found && folder.taskIds().length > 0) {
    requireVersion(folder, before);
    throw runDiffers(config.name, found, FORK_HINT);
  }
  folder.writeJson('config', now);
}

/**
 * Tasks are computed by the version that started their run alone: another one may draw or compute differently.
 * @throws DnaError `RUN_VERSION`.
 */
export function requireVersion(
  { path }: AttachedRunFolder,
  { version }: Pick<StoredRunConfig, 'version'>,
): void {
  if (version !== packageVersion()) throw runOfVersion(basename(path), version, packageVersion());
}
