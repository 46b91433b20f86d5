/** Plugins and their slots: where those of the package lie, and how a configuration's are applied to the hooks of a run. */
export { type AppliedRun, type ApplyOptions, applyPlugins } from './apply-plugins.js';
export { builtInPlugin, builtInPresets } from './catalogue.js';
export { locationOf } from './define-plugin.js';
export { type BuiltInDefinition, builtInDefinition, builtInPlugins } from './definitions.js';
export { isFactory, isPlugin } from './is-plugin.js';
export * from './slots.js';
