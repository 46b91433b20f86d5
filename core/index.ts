export * from './ablation/index.js';
export { checkValues } from './config/check-values.js';
export { nearest } from './config/nearest.js';
export { nearestFile, reasonOf } from './config/reason.js';
export { defineConfig, resolveConfig } from './config/resolve.js';
export { readSettings, type Setting } from './config/settings.js';
export type * from './config/types.js';
export type * from './contracts/index.js';
export { csvLine } from './csv-line.js';
export { BatchOrder } from './data-order.js';
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
export type * from './hooks.js';
export { createHooks } from './hooks.js';
export { listTasks, type TaskList, type TaskProgress, type TaskStatus } from './list-tasks.js';
export { configOfRun, type NetworkOfRun, networkOfRun, requestFrom } from './network-of-run.js';
export { networkResult } from './network-result.js';
export { type CostRange, costRange } from './plan/cost-range.js';
export type { Finding } from './plan/findings.js';
export { type Plan, type PlannedSpace, type PlanOptions, planRun } from './plan/plan-run.js';
export type { Speed } from './plan/speed.js';
export type { PlannedStage } from './plan/stages.js';
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
export { ratingsOfRun } from './ratings-of-run.js';
export { ReadAhead, type ReadAheadOptions } from './read-ahead.js';
export * from './report/index.js';
export { dataDownloadFailed } from './run/data-errors.js';
export { runFolderOf } from './run/open-session.js';
export { type RunOptions, run } from './run/run.js';
export { openStoredRun, type StoredRun, type StoredRunRequest } from './run/stored-run.js';
export { type ListedNetwork, type RunSearch, type SearchRunRequest, searchRun } from './search-run.js';
export { addCosts, type FurtherCosts } from './space/add-costs.js';
export { depthOf } from './space/depth-of.js';
export { planNetwork } from './space/given-network.js';
export { candidateCount, networkCount, showCount } from './space/network-count.js';
export { numberOfPath, pathCount, pathOf } from './space/paths.js';
export { isRandomName, randomName, randomRatings } from './space/random-networks.js';
export * from './store/index.js';
export { isFolder } from './store/is-folder.js';
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
export { runTask, type TaskRequest } from './work/run-task.js';
