export * from './ablation/index.js';
export { addCosts, type FurtherCosts } from './add-costs.js';
export { type AppliedRun, type ApplyOptions, applyPlugins } from './apply-plugins.js';
export { builtInBackend, builtInBackends, checkBackend } from './built-in-backend.js';
export { builtInPlugins, builtInPresets, packageVersion } from './catalogue.js';
export { checkValues } from './config/check-values.js';
export { nearest } from './config/nearest.js';
export { nearestFile, reasonOf } from './config/reason.js';
export { defineConfig, resolveConfig } from './config/resolve.js';
export { readSettings, type Setting } from './config/settings.js';
export type * from './config/types.js';
export type * from './contracts/index.js';
export { csvLine } from './csv-line.js';
export { dataDownloadFailed } from './data-errors.js';
export { BatchOrder } from './data-order.js';
export { definePlugin } from './define-plugin.js';
export { depthOf } from './depth-of.js';
export {
  describePlugin,
  describePlugins,
  loadDefinition,
  type PluginDescription,
} from './describe-plugin.js';
export {
  countingOf,
  type DescribeOptions,
  describeNetwork,
  describeSpace,
  type NetworkDescription,
  type SpaceDescription,
} from './describe-run.js';
export {
  type Difference,
  differenceWords,
  formatPoints,
  formatPointsInterval,
  imagesText,
  isShown,
  standingWords,
} from './difference-words.js';
export * from './errors.js';
export { limitImages, spreadEvenly } from './even-choice.js';
export { explainHooks, type HookAnswer } from './explain-hooks.js';
export { requireFiniteLoss, requireFiniteState, type Trained } from './finite.js';
export { type Fork, forkRun } from './fork-run.js';
export { formatTable } from './format-table.js';
export { planNetwork } from './given-network.js';
export type * from './hooks.js';
export { createHooks } from './hooks.js';
export { isFolder } from './is-folder.js';
export { listTasks, type TaskList, type TaskProgress, type TaskStatus } from './list-tasks.js';
export { type LoadedPlugin, loadPlugins } from './load-plugins.js';
export { candidateCount, networkCount, showCount } from './network-count.js';
export { configOfRun, type NetworkOfRun, networkOfRun, requestFrom } from './network-of-run.js';
export { networkResult } from './network-result.js';
export { runFolderOf } from './open-session.js';
export { numberOfPath, pathCount, pathOf } from './paths.js';
export { type CostRange, costRange } from './plan/cost-range.js';
export type { Finding } from './plan/findings.js';
export { type Plan, type PlannedSpace, type PlanOptions, planRun } from './plan/plan-run.js';
export type { Speed } from './plan/speed.js';
export type { PlannedStage } from './plan/stages.js';
export type * from './plugin.js';
export { type RandomStream, randomStream, streamOfKey } from './random.js';
export { isRandomName, randomName, randomRatings } from './random-networks.js';
export { ratingsOfRun } from './ratings-of-run.js';
export { ReadAhead, type ReadAheadOptions } from './read-ahead.js';
export * from './report/index.js';
export { type RunOptions, run } from './run.js';
export { runTask, type TaskRequest } from './run-task.js';
export { type ListedNetwork, type RunSearch, type SearchRunRequest, searchRun } from './search-run.js';
export * from './slots.js';
export * from './store/index.js';
export { openStoredRun, type StoredRun, type StoredRunRequest } from './stored-run.js';
export {
  loadTrained,
  planTrained,
  type TrainedNetwork,
  type TrainedShape,
  trainedNetworks,
} from './trained-networks.js';
export * from './training-errors.js';
export { CheckpointPacer, type PacedContext, type Saved } from './work/checkpoint-pacer.js';
export { EventLoopTurns } from './work/event-loop-turns.js';
export { errorFromPlain, type PlainError, plainError } from './work/messages.js';
