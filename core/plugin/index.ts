/** Plugins and their slots: found, described, loaded, and applied to the hooks of a run. */
export { unknownPluginName } from '../errors.js';
export { type AppliedRun, type ApplyOptions, applyPlugins } from './apply-plugins.js';
export { builtInBackend, builtInBackends, checkBackend } from './built-in-backend.js';
export { builtInPlugin, builtInPlugins, builtInPresets } from './catalogue.js';
export {
  describePlugin,
  describePlugins,
  loadDefinition,
  type PluginDescription,
} from './describe-plugin.js';
export { type LoadedPlugin, loadPlugins } from './load-plugins.js';
export * from './slots.js';
