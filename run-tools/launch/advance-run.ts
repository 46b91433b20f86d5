import { basename, resolve } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { RunOptions } from 'dna-nas/core/run';
import { listTasks } from '../runs/list-tasks.js';
import { tasksLeft } from './errors.js';
import { LaunchRecord } from './launch-record.js';
import { type LaunchedOrRun, summaryOf } from './launch-run.js';
import { type LaunchedRun, launchJobs } from './launch-tasks.js';
import { isRemote, openLauncher } from './open-launcher.js';
import { jobsSoFar, planJobs } from './plan-jobs.js';

export interface AdvanceOptions extends Pick<RunOptions, 'signal' | 'graceSeconds' | 'takeOver' | 'inline'> {
  /** Is told what a person should know. @default nothing */
  readonly noticed?: (text: string) => void;
}

/**
 * Goes on with a run that was launched, once jobs of it have ended: searches, lays the next tasks out and submits them,
 * and in the end writes the report. Where the scheduler cannot be asked, as in a container without its commands, what is
 * left is executed here.
 * @throws DnaError `LAUNCH_UNKNOWN`; `LAUNCH_INCOMPLETE` where jobs have ended without the results of their tasks.
 */
export async function advanceRun(folder: string, options: AdvanceOptions = {}): Promise<LaunchedOrRun> {
  const { noticed = () => undefined, ...rest } = options;
  const record = new LaunchRecord(folder);
  const { setting } = record;
  const request = { folder, project: setting.project, machine: setting.machine };
  const launcher = await openLauncher(setting, record);
  const summary = await run(request, { ...rest, layOut: true });
  if (summary || !isRemote(launcher)) return { ...summaryOf(summary), elsewhere: true };
  const launched = { folder: resolve(folder), run: basename(resolve(folder)), launcher, setting, record };
  const observed = await launcher.observe();
  if (!observed) {
    noticed('The scheduler cannot be asked from here: what is left of the run is executed by this job.');
    return { ...summaryOf(await run(request, rest)), elsewhere: false };
  }
  return launchNext(launched, observed);
}

/** Tasks that failed are not submitted again by themselves: they would fail for ever. */
async function launchNext(
  launched: LaunchedRun,
  observed: Parameters<typeof jobsSoFar>[1],
): Promise<LaunchedOrRun> {
  const { submitted, live } = jobsSoFar(launched.record.jobs, observed);
  const open = listTasks(launched.folder).tasks.filter(
    ({ id, state }) => state !== 'finished' && !live.has(id),
  );
  const left = open.filter(({ id }) => submitted.has(id));
  if (left.length > 0)
    throw tasksLeft(
      launched.run,
      left.map(({ id }) => id),
    );
  if (open.length === 0) return { elsewhere: true };
  // This job is one of those that are live: none may wait for it.
  const jobs = planJobs(open, await launched.launcher.mostTasks?.());
  return { launch: await launchJobs(launched, jobs, () => []), elsewhere: true };
}
