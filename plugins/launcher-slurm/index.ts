import { definePlugin } from 'dna-nas/core';
import type { LaunchContext, LaunchJob, LaunchPlan, StartedJob } from 'dna-nas/core/contracts';
import { checkSite } from './check-site.js';
import { slurm } from './commands.js';
import { commandFailed } from './errors.js';
import { jobScript, logFile, scriptFile, tasksFile } from './job-script.js';
import { largestArray } from './largest-array.js';
import { observeJobs } from './observe-jobs.js';
import { type LauncherSlurmOptions, launcherSlurmOptions } from './options.js';

/** Tasks are elements of array jobs of Slurm, one array a stage, and a last small job goes on with the run. */
export const launcherSlurm = definePlugin<LauncherSlurmOptions>({
  name: 'launcher-slurm',
  description: 'Submits the tasks of a run to Slurm, an array job a stage.',
  module: 'dna-nas/plugins/launcher-slurm',
  export: 'launcherSlurm',
  options: launcherSlurmOptions,
  apply(run, options) {
    run.hooks.resolveLauncher.tap('launcher-slurm', () => ({
      where: 'elsewhere',
      prepare: options.prepare,
      mostTasks: largestArray,
      plan: (jobs, context) => planFiles(jobs, context, options),
      submit: (job, context, after) => submitLinks(job, context, { after, links: options.links }),
      observe: observeJobs,
      cancel: (ids) => void slurm('scancel', ids),
      check: (context) => checkSite(context, options),
    }));
  },
});

function planFiles(
  jobs: readonly LaunchJob[],
  context: LaunchContext,
  options: LauncherSlurmOptions,
): LaunchPlan {
  const scripts = jobs.map((job) => [scriptFile(job), jobScript(job, context, options)]);
  const lists = jobs
    .filter(({ tasks }) => tasks.length > 0)
    .map((job) => [tasksFile(job), `${job.tasks.join('\n')}\n`]);
  return { files: Object.fromEntries([...scripts, ...lists]) };
}

/** A job, and further ones that each go on with what the one before has left. */
function submitLinks(
  job: LaunchJob,
  context: LaunchContext,
  { after, links }: { after: readonly string[]; links: number },
): StartedJob[] {
  const started: StartedJob[] = [];
  for (let link = 0; link < links; link++) {
    const before = started.at(-1);
    started.push(submit(job, context, before ? [before.id] : after));
  }
  return started;
}

function submit(job: LaunchJob, context: LaunchContext, after: readonly string[]): StartedJob {
  const dependency = after.length > 0 ? [`--dependency=afterany:${[...new Set(after)].join(':')}`] : [];
  const said = slurm('sbatch', ['--parsable', ...dependency, scriptFile(job)], context.files);
  // On a federation the cluster's name follows.
  const id = /^(\d+)(?:;|\s|$)/.exec(said.trim())?.[1];
  if (id === undefined) throw commandFailed('sbatch', `it gave no id but ${JSON.stringify(said)}`);
  const parts =
    job.tasks.length === 0
      ? [{ id, log: logFile(job, 0) }]
      : job.tasks.map((_, index) => ({ id: `${id}_${index}`, log: logFile(job, index) }));
  return { id, parts };
}
