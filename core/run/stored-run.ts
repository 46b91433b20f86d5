import { resolve } from 'node:path';
import { requireOwnModules } from '../config/own-modules.js';
import { storedConfig } from '../config/stored-config.js';
import type { ResolvedConfig } from '../config/types.js';
import { type AppliedRun, applyPlugins } from '../plugin/apply-plugins.js';
import type { JsonObject } from '../plugin/plugin.js';
import { type AttachedRunFolder, attachRunFolder } from '../store/index.js';
import { rememberedOptions } from './remembered-options.js';

export interface StoredRunRequest {
  /** The run's folder. */
  readonly folder: string;
  /** Folder that relative paths of the configuration start from. @default process.cwd() */
  readonly project?: string;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. @default those the run was started with here */
  readonly machine?: JsonObject;
}

/** A run that lies in a folder, its plugins applied. */
export interface StoredRun {
  /** For reading. */
  readonly folder: AttachedRunFolder;
  readonly run: AppliedRun;
}

/**
 * Applies the plugins that a run was made with, so that what it made can be used. Reads nothing but JSON and tensors
 * from the run's folder and loads no code from there.
 * @throws DnaError `RUN_NOT_FOUND`; `MODULE_FOREIGN` before anything is imported, where a plugin is not the project's
 * own.
 */
export async function openStoredRun(request: StoredRunRequest): Promise<StoredRun> {
  const folder = attachRunFolder(request.folder);
  return { folder, run: await applyStoredPlugins(folder, request) };
}

/** The same for a folder that is open already. */
export async function applyStoredPlugins(
  folder: AttachedRunFolder,
  request: Omit<StoredRunRequest, 'folder'>,
): Promise<AppliedRun> {
  const { config, project } = readStoredConfig(folder, request);
  return applyPlugins(config, { project, main: false });
}

/**
 * The configuration that a run was made with, and this machine's options: those it was started with here, and those
 * given over them.
 * @throws DnaError `MODULE_FOREIGN` where it refers to a module that is not the project's own.
 */
export function readStoredConfig(
  folder: AttachedRunFolder,
  { project: given, machine = {} }: Omit<StoredRunRequest, 'folder'>,
): { readonly config: ResolvedConfig; readonly project: string } {
  const project = resolve(given ?? process.cwd());
  const stored = storedConfig(folder.readJson('config'));
  requireOwnModules(stored, { project, folder: folder.path });
  const remembered = rememberedOptions({ folder: folder.path, project });
  return { config: { ...stored, sources: {}, machine: { ...remembered, ...machine } }, project };
}
