/**
 * Configurations: the types that a `dna.config.ts` is written with, how defaults, presets, files and `--set` become the
 * plain data of a run, and runs that are started with them.
 */
export type { CoreOptions } from './built-in.js';
export type * from './config-request.js';
export {
  type Choice,
  type Config,
  defineConfig,
  type Elsewhere,
  type PluginFrom,
  type PresetName,
  pluginFrom,
  type Smoke,
} from './define-config.js';
export { unknownPluginName } from './errors.js';
export { builtInBackend, builtInBackends, checkBackend } from './plugins/built-in-backend.js';
export {
  describePlugin,
  describePlugins,
  type PluginDescription,
} from './plugins/describe-plugin.js';
export { applyToShow, explainHooks, type HookAnswer } from './plugins/explain-hooks.js';
export { type LoadedPlugin, loadPlugins } from './plugins/load-plugins.js';
export type { Derivation, DerivationFacts } from './resolve/derive.js';
export { resolveConfig } from './resolve/resolve-config.js';
export { readMachineOptions, readSettings, type Setting } from './resolve/settings.js';
export { type RunRequest, run } from './run.js';
export type * from './user-config.js';
