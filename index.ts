/** What configurations and programs import: the run, what is done with runs, and grids of them. */
export { type Ablation, type AblationOptions, type AblationRequest, ablate } from 'dna-nas/ablation';
export { type Config, defineConfig, pluginFrom } from 'dna-nas/configuration';
export { definePlugin } from 'dna-nas/core';
export type { ConfigRequest, ResolvedConfig, UserConfig } from 'dna-nas/core/config';
export type { Architecture } from 'dna-nas/core/contracts';
export { type RunOptions, run } from 'dna-nas/core/run';
export type { FoundArchitecture, NetworkResult, RunSummary, SearchResult } from 'dna-nas/core/stages';
export { DnaError } from 'dna-nas/errors';
export {
  checkData,
  type DataCheck,
  type DataCheckOptions,
  type DescribeOptions,
  describeNetwork,
  describeSpace,
  type Fork,
  forkRun,
  type LaunchedOrRun,
  launchRun,
  listTasks,
  type NetworkDescription,
  type Plan,
  type PlanOptions,
  planRun,
  type ReportRequest,
  type RunReport,
  type RunSearch,
  type RunStatus,
  reportRun,
  runStatus,
  type SearchRunRequest,
  type SpaceDescription,
  searchRun,
  type TaskList,
} from 'dna-nas/run-tools';
