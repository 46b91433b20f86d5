import type { Plugin, PluginFactory } from 'dna-nas/core';
import { invalidConfig } from 'dna-nas/core/config';
import { isFactory } from 'dna-nas/core/plugin';
import type { Layer } from '../resolve/layers.js';
import { loadTargets, locateUse, type Target } from '../resolve/locate.js';

/** A plugin as its module exports it. */
export interface LoadedPlugin {
  readonly name: string;
  /** What a configuration names it by: `loss-cosine`, `./my-loss.ts#myLoss`. */
  readonly use: string;
  readonly module: string;
  readonly export: string;
  /** Absent for a plugin that is exported ready made and takes no options. */
  readonly factory?: PluginFactory;
  readonly plugin?: Plugin;
}

/**
 * Loads the plugins that `use` names: one of the package by its full name, a file relative to `project`, or a package
 * of the project; a file may hold several.
 *
 * @throws DnaError `CONFIG_INVALID` if it names nothing, `MODULE_UNREADABLE` and `PLUGIN_EXPORT` if it cannot be had,
 * `PLUGIN_DEFINITION` if it is defined wrongly.
 */
export async function loadPlugins(use: string, project: string): Promise<LoadedPlugin[]> {
  const layer: Layer = { source: 'program', config: {}, folder: project };
  const location = locateUse(
    { layer, path: use, use, options: {} },
    { prefix: '', what: 'a plugin' },
    project,
  );
  if (!('module' in location)) throw invalidConfig([location]);
  const targets = await loadTargets(location, project);
  return targets.map((target) => describe(target, location.module, location.builtIn));
}

function describe({ name, export: path, value }: Target, module: string, builtIn: boolean): LoadedPlugin {
  const use = builtIn ? name : `${module}#${path}`;
  const found = isFactory(value) ? { factory: value } : { plugin: value };
  return { name, use, module, export: path, ...found };
}
