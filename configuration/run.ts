import type { RunOptions, StoredRunRequest } from 'dna-nas/core/run';
import type { RunSummary } from 'dna-nas/core/stages';
import type { ConfigRequest } from './config-request.js';
import { resolveConfig } from './resolve/resolve-config.js';

/** A configuration, or the folder of a run to go on with as it is stored there. */
export type RunRequest = ConfigRequest | StoredRunRequest;

/**
 * Runs the whole method, or goes on with it: the run folder is the only truth. Returns the summary, or undefined if
 * `until` ended the run before its report, or `layOut` where tasks are to be executed.
 *
 * @throws DnaError what `resolveConfig` throws, before anything is begun.
 */
export async function run(request: RunRequest, options: RunOptions = {}): Promise<RunSummary | undefined> {
  // Who only reads a configuration has no use for what runs it.
  const { runResolved } = await import('dna-nas/core/run');
  if ('folder' in request) return runResolved(request, options);
  const { project } = request;
  return runResolved(
    { config: await resolveConfig(request), ...(project !== undefined && { project }) },
    options,
  );
}
