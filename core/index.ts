export { DnaError, either, nearest, nearestFile, reasonOf } from 'dna-nas/errors';
export { checkValues } from './config/check-values.js';
export type { Derivation, DerivationFacts, Derive } from './config/derive.js';
export { isPlainObject } from './config/plain.js';
export { resolveConfig } from './config/resolve.js';
export { readSettings, type Setting } from './config/settings.js';
export type * from './config/types.js';
export type * from './contracts/index.js';
export { stopped, unknownPluginName, wrongUsage } from './errors.js';
export { type Estimate, estimate, studentT95 } from './estimate.js';
export type * from './hooks.js';
export { createHooks } from './hooks.js';
export { type AppliedRun, type ApplyOptions, applyPlugins } from './plugin/apply-plugins.js';
export { builtInBackend, builtInBackends, checkBackend } from './plugin/built-in-backend.js';
export { builtInPlugins, builtInPresets, packageVersion } from './plugin/catalogue.js';
export { definePlugin } from './plugin/define-plugin.js';
export {
  describePlugin,
  describePlugins,
  loadDefinition,
  type PluginDescription,
} from './plugin/describe-plugin.js';
export { type LoadedPlugin, loadPlugins } from './plugin/load-plugins.js';
export type * from './plugin/plugin.js';
export * from './plugin/slots.js';
export { type RandomStream, randomStream, streamOfKey } from './random.js';
export { dataDownloadFailed } from './run/data-errors.js';
export { runFolderOf } from './run/open-session.js';
export { type RunOptions, run } from './run/run.js';
export { openStoredRun, type StoredRun, type StoredRunRequest } from './run/stored-run.js';
export { addCosts, type FurtherCosts } from './space/add-costs.js';
export { canonicalChoice } from './space/canonical-choice.js';
export { depthOf } from './space/depth-of.js';
export { planNetwork } from './space/given-network.js';
export { candidateCount, networkCount, showCount } from './space/network-count.js';
export { numberOfPath, pathCount, pathOf } from './space/paths.js';
export { isRandomName, randomName, randomRatings } from './space/random-networks.js';
export * from './store/index.js';
export { CheckpointPacer, type PacedContext, type Saved } from './work/checkpoint-pacer.js';
export { errorFromPlain, type PlainError, plainError } from './work/messages.js';
export { runTask, type TaskRequest } from './work/run-task.js';
