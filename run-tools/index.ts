/** What is done with runs beside running them: plan, describe, list, compare, search again, report, fork. */

export * from './compare/index.js';
export { checkData, type DataCheck, type DataCheckOptions } from './data-check/check-data.js';
export {
  countingOf,
  type DescribeOptions,
  describeNetwork,
  describeSpace,
  type NetworkDescription,
  type SpaceDescription,
} from './describe-run.js';
export { configThere, dataProblems, planProblems } from './errors.js';
export type { Finding } from './findings.js';
export { type Fork, forkRun } from './fork-run.js';
export * from './live/index.js';
export { lookAtImages, lookAtTeacher, type SeenImages } from './look-at-inputs.js';
export { type CellLosses, type LossPoint, lossCurves } from './loss-curves.js';
export { configOfRun, type NetworkOfRun, networkOfRun, requestFrom } from './network-of-run.js';
export { networkResult } from './network-result.js';
export type { CostRange } from './plan/cost-range.js';
export { type Plan, type PlannedSpace, type PlanOptions, planRun } from './plan/plan-run.js';
export type { Speed } from './plan/speed.js';
export type { PlannedStage } from './plan/stages.js';
export { ratingsOfRun } from './ratings-of-run.js';
export { readTrainedFile, type TrainedFile } from './read-trained-file.js';
export * from './report/index.js';
export { type SharedTasks, shareTasks, trainingIdentity } from './reusable-tasks.js';
export { type RunLike, runLike } from './run-like.js';
export { type ListedNetwork, type RunSearch, type SearchRunRequest, searchRun } from './search/search-run.js';
export { type EndedRun, type RunHandle, startRun } from './start-run.js';
export {
  answersOfNetworks,
  examplesOfNetwork,
  type NetworkAnswers,
  type NetworkExamples,
} from './test-answers.js';
export {
  loadTrained,
  planTrained,
  type TrainedNetwork,
  type TrainedShape,
  trainedNetworks,
} from './trained-networks.js';
