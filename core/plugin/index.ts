/** Plugins and their slots: where those of the package lie, and how a configuration's are applied to the hooks of a run. */
export { type AppliedRun, type ApplyOptions, applyPlugins, applyToShow } from './apply-plugins.js';
export { builtInPlugin, builtInPlugins, builtInPresets } from './catalogue.js';
export { locationOf } from './define-plugin.js';
export { type BuiltInDefinition, builtInDefinition } from './definitions.js';
export { explainHooks, type HookAnswer } from './explain-hooks.js';
export { isFactory, isPlugin } from './is-plugin.js';
export * from './slots.js';
