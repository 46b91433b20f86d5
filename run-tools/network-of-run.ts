import { resolve } from 'node:path';
import type { ConfigRequest, RunConfiguration, UserConfig } from 'dna-nas/configuration';
import type { Json, JsonObject } from 'dna-nas/core';
import { requireOwnModules, storedConfig } from 'dna-nas/core/config';
import { rememberedOptions } from 'dna-nas/core/run';
import type { RunSummary, SearchResult } from 'dna-nas/core/stages';
import { type AttachedRunFolder, attachRunFolder } from 'dna-nas/core/store';
import { isFolder, isPlainObject } from 'dna-nas/files';
import { noNetwork, severalNetworks, twoConfigurations } from './errors.js';

/** What another run has of a network, and how it was configured. */
export interface NetworkOfRun {
  /** Name or text, as the run's space reads it. */
  readonly architecture: string;
  readonly likeRun: RunConfiguration;
}

/**
 * The network that a run found, or was given, for a run that trains it. Executes nothing of the folder.
 * @throws DnaError `RUN_NOT_FOUND`, `RUN_WITHOUT_NETWORK` before its search has ended, `MODULE_FOREIGN` if its
 * configuration asks for code that is not the project's own.
 */
export function networkOfRun(folder: string, project: string = process.cwd()): NetworkOfRun {
  const run = attachRunFolder(folder);
  const likeRun = configOf(run, project);
  const { values } = likeRun;
  if (values.architectures) throw severalNetworks(folder, values.architectures.length);
  const architecture = given(values.architecture) ?? found(run);
  if (architecture === undefined) throw noNetwork(folder);
  return { architecture, likeRun };
}

/**
 * How another run was configured, for a run like it. Executes nothing of the folder.
 * @throws DnaError `RUN_NOT_FOUND`, `MODULE_FOREIGN` if it asks for code that is not the project's own.
 */
export function configOfRun(folder: string, project: string = process.cwd()): RunConfiguration {
  return configOf(attachRunFolder(folder), project);
}

/**
 * The request of a run that is configured as `source`: a preset, or the folder of a run.
 * @throws DnaError what `configOfRun` throws; `USAGE` if the request names another configuration beside it.
 */
export function requestFrom(source: string, request: ConfigRequest): ConfigRequest {
  const other = request.preset ?? request.configFile;
  if (typeof other === 'string') throw twoConfigurations(source, other);
  const folder = resolve(request.project ?? process.cwd(), source);
  return isFolder(folder)
    ? { ...request, likeRun: configOfRun(folder, request.project) }
    : { ...request, preset: source };
}

function configOf(run: AttachedRunFolder, project: string): RunConfiguration {
  const stored = storedConfig(run.readJson('config'));
  requireOwnModules(stored, { project, folder: run.path });
  const values: JsonObject = { ...stored.values, name: stored.name };
  const remembered = Object.entries(rememberedOptions({ folder: run.path, project: resolve(project) }));
  const all = remembered.reduce((all, [path, value]) => withOption(all, path.split('.'), value), values);
  return {
    name: stored.name,
    preset: typeof stored.preset === 'string' ? stored.preset : null,
    values: all as UserConfig,
  };
}

/** Options with one more, under the plugin of a slot, which may stand there by its name alone. */
function withOption(options: JsonObject, [name, ...below]: readonly string[], value: Json): JsonObject {
  if (below.length === 0) return { ...options, [name!]: value };
  const section = options[name!] ?? {};
  const own = isPlainObject(section) ? (section as JsonObject) : { use: section };
  return { ...options, [name!]: withOption(own, below, value) };
}

function given(architecture: unknown): string | undefined {
  return typeof architecture === 'string' ? architecture : undefined;
}

function found(run: AttachedRunFolder): string | undefined {
  const outcome = run.readJson('outcome') as Partial<RunSummary> | undefined;
  const search = run.readJson('search') as Partial<SearchResult> | undefined;
  return given(outcome?.architecture) ?? given(search?.best?.text);
}
