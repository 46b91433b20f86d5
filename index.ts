/** What configurations and programs import: the run, what is done with runs, and grids of them. */
import type { ExportRequest, WrittenNetwork } from 'dna-nas/export';

export { type Ablation, type AblationOptions, type AblationRequest, ablate } from 'dna-nas/ablation';
export { type AuditedRun, type AuditRequest, audit } from 'dna-nas/audit';
export type { ConfigRequest, UserConfig } from 'dna-nas/configuration';
export { type Config, defineConfig, pluginFrom, run } from 'dna-nas/configuration';
export { definePlugin, type RunsComparison } from 'dna-nas/core';
export type { ResolvedConfig } from 'dna-nas/core/config';
export type { Architecture } from 'dna-nas/core/contracts';
export type { RunEvent, RunOptions } from 'dna-nas/core/run';
export type { FoundArchitecture, NetworkResult, RunSummary, SearchResult } from 'dna-nas/core/stages';
export { DnaError } from 'dna-nas/errors';
export {
  checkData,
  compareRuns,
  type DataCheck,
  type DataCheckOptions,
  type DescribeOptions,
  describeNetwork,
  describeSpace,
  type EndedRun,
  type Fork,
  forkRun,
  type LiveReport,
  type LiveReportRequest,
  type NetworkDescription,
  type Plan,
  type PlanOptions,
  planRun,
  type ReportRequest,
  type RunHandle,
  type RunReport,
  type RunSearch,
  reportRun,
  type SearchRunRequest,
  type SpaceDescription,
  searchRun as search,
  serveReport,
  startRun,
} from 'dna-nas/run-tools';
export { type LaunchedOrRun, launchRun, type RunStatus, runStatus } from 'dna-nas/run-tools/launch';
export { listTasks, type TaskList } from 'dna-nas/run-tools/runs';

export type { ExportRequest, WrittenNetwork };

/**
 * Writes a network that a run has trained as files for other programs. Tensors are loaded when it is called, so that a
 * configuration that imports this entry does without.
 * @throws DnaError what `exportNetwork` of `dna-nas/export` throws.
 */
export async function exportNetwork(request: ExportRequest): Promise<WrittenNetwork> {
  return (await import('dna-nas/export')).exportNetwork(request);
}
