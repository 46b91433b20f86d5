/** What configurations and programs import: the run, what is done with runs, and grids of them. */
import type { Ablation, AblationOptions, AblationRequest } from 'dna-nas/ablation';
import type { AuditedRun, AuditRequest } from 'dna-nas/audit';
import type { ExportRequest, WrittenNetwork } from 'dna-nas/export';

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

export type {
  Ablation,
  AblationOptions,
  AblationRequest,
  AuditedRun,
  AuditRequest,
  ExportRequest,
  WrittenNetwork,
};

// A configuration imports this entry: what it has no use for is loaded when it is called.

/**
 * Runs every point of a grid as a run of its own, and writes tables of all after each. The same command resumes.
 * @throws DnaError what `ablate` of `dna-nas/ablation` throws.
 */
export async function ablate(request: AblationRequest, options: AblationOptions = {}): Promise<Ablation> {
  const { ablate: runGrid } = await import('dna-nas/ablation');
  return runGrid(request, options);
}

/**
 * Tells how well a run's ratings order networks whose accuracy is known, and keeps that in the run's folder.
 * @throws DnaError what `audit` of `dna-nas/audit` throws.
 */
export async function audit(request: AuditRequest): Promise<AuditedRun> {
  const { audit: auditRun } = await import('dna-nas/audit');
  return auditRun(request);
}

/**
 * Writes a network that a run has trained as files for other programs.
 * @throws DnaError what `exportNetwork` of `dna-nas/export` throws.
 */
export async function exportNetwork(request: ExportRequest): Promise<WrittenNetwork> {
  return (await import('dna-nas/export')).exportNetwork(request);
}
