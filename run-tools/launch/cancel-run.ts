import { attachRunFolder } from 'dna-nas/core/store';
import { cannotObserve } from './errors.js';
import { LaunchRecord } from './launch-record.js';
import { isRemote, openLauncher } from './open-launcher.js';
import { jobsSoFar } from './plan-jobs.js';

/**
 * Ends the jobs of a run, those included that have not begun. What they have saved stays: the command that launched the
 * run submits what is missing.
 * @returns ids of the jobs that were live.
 * @throws DnaError `LAUNCH_UNKNOWN`, `LAUNCH_UNOBSERVED`.
 */
export async function cancelRun(folder: string): Promise<readonly string[]> {
  attachRunFolder(folder);
  const record = new LaunchRecord(folder);
  const launcher = await openLauncher(record.setting, record);
  if (!isRemote(launcher)) return [];
  const observed = await launcher.observe();
  if (!observed) throw cannotObserve(folder);
  const { liveJobs } = jobsSoFar(record.jobs, observed);
  for (const launch of record.launches) record.stop(launch);
  if (liveJobs.length > 0) await launcher.cancel(liveJobs);
  return liveJobs;
}
