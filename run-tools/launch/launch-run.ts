import { basename, resolve } from 'node:path';
import { type ConfigRequest, resolveConfig, run } from 'dna-nas/configuration';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { checkConfig, type RunOptions, rememberOptions, runFolderOf } from 'dna-nas/core/run';
import type { RunSummary } from 'dna-nas/core/stages';
import { openRunFolder } from 'dna-nas/core/store';
import { listTasks } from '../runs/list-tasks.js';
import { cannotObserve } from './errors.js';
import { LaunchRecord } from './launch-record.js';
import { type Launch, type LaunchedRun, launchJobs } from './launch-tasks.js';
import { isRemote, launchSetting, openLauncher } from './open-launcher.js';
import { earlierJobs, jobsSoFar, planJobs } from './plan-jobs.js';

/** What came of starting a run. */
export interface LaunchedOrRun {
  /** Of a run that is complete. */
  readonly summary?: RunSummary;
  /** What was submitted; absent where nothing was left to be, as jobs are at work. */
  readonly launch?: Launch;
  /** Whether the tasks are executed elsewhere. */
  readonly elsewhere: boolean;
}

/**
 * Runs a configuration where its launcher says: by this process, or by jobs. In the second case the tasks are laid out,
 * those that have neither a result nor a job are submitted, and nothing is waited for.
 * @throws DnaError `LAUNCH_UNOBSERVED` where it cannot be told whether earlier jobs are still at work.
 */
export async function launchRun(request: ConfigRequest, options: RunOptions = {}): Promise<LaunchedOrRun> {
  const config = await resolveConfig(request);
  const project = resolve(request.project ?? process.cwd());
  const setting = launchSetting(config, project);
  const launcher = setting && (await openLauncher(setting));
  if (!isRemote(launcher) || options.layOut || options.until !== undefined)
    return { ...summaryOf(await run(request, options)), elsewhere: false };
  const folder = runFolderOf(config, project);
  const record = new LaunchRecord(folder);
  const prepared = launcher.prepare === 'job' ? keepConfig(folder, config, project) : 'here';
  if (prepared === 'here') {
    const summary = await run(request, { ...options, layOut: true });
    if (summary) return { summary, elsewhere: true };
  }
  record.setting = setting!;
  const launched = { folder, run: basename(folder), launcher, setting: setting!, record };
  const launch = await launchMissing(launched);
  return { ...(launch && { launch }), elsewhere: true };
}

/** Keeps the configuration for the job that prepares the run. `here`: the run is complete and only has to be told. */
function keepConfig(folder: string, config: ResolvedConfig, project: string): 'here' | 'kept' {
  const opened = openRunFolder(folder);
  try {
    checkConfig(opened, config);
    rememberOptions({ folder, project }, config.machine);
    return opened.readJson('outcome') === undefined ? 'kept' : 'here';
  } finally {
    opened.release();
  }
}

/** Submits what has neither a result nor a job that is at work; undefined where there is nothing of that kind. */
async function launchMissing(launched: LaunchedRun): Promise<Launch | undefined> {
  const { launcher, record, run, folder } = launched;
  const { jobs } = record;
  const observed = await launcher.observe();
  if (!observed && jobs.length > 0) throw cannotObserve(run);
  const soFar = jobsSoFar(jobs, observed ?? []);
  const { tasks } = listTasks(folder);
  const open = tasks.filter(({ id, state }) => state !== 'finished' && !soFar.live.has(id));
  if (open.length === 0 && soFar.liveJobs.length > 0) return undefined;
  return launchJobs(launched, planJobs(open, await launcher.mostTasks?.()), (job) =>
    earlierJobs(job, open, soFar),
  );
}

export function summaryOf(summary: RunSummary | undefined): Pick<LaunchedOrRun, 'summary'> {
  return summary ? { summary } : {};
}
