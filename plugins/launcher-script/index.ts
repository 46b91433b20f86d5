import { definePlugin } from 'dna-nas/core';
import type { LaunchContext, LaunchJob, LaunchPlan } from 'dna-nas/core/contracts';
import { scriptOf, whatToRun } from './scripts.js';

/** Writes what is to be run and starts nothing: for machines that a person, or another program, starts things on. */
export const launcherScript = definePlugin({
  name: 'launcher-script',
  description: 'Writes a script a stage, and says what to run where; starts nothing.',
  module: 'dna-nas/plugins/launcher-script',
  export: 'launcherScript',
  apply(run) {
    run.hooks.resolveLauncher.tap('launcher-script', () => ({
      where: 'elsewhere',
      plan,
      submit: () => [],
      observe: () => [],
      cancel: () => undefined,
    }));
  },
});

function plan(jobs: readonly LaunchJob[], context: LaunchContext): LaunchPlan {
  const files = Object.fromEntries(jobs.map((job) => [`${job.name}.sh`, scriptOf(job, context)]));
  return { files, text: whatToRun(jobs, context) };
}
