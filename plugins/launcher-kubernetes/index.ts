import { definePlugin } from 'dna-nas/core';
import type { LaunchContext, LaunchJob, LaunchPlan } from 'dna-nas/core/contracts';
import { stringify } from 'yaml';
import { dockerfile } from './dockerfile.js';
import { requireOnVolume } from './errors.js';
import { jobName, manifestOf, tasksFile } from './manifest.js';
import { type LauncherKubernetesOptions, launcherKubernetesOptions } from './options.js';

export type { LauncherKubernetesOptions } from './options.js';

/** Writes Indexed Jobs and a Dockerfile, and says what to give to kubectl; starts nothing. */
export const launcherKubernetes = definePlugin<LauncherKubernetesOptions>({
  name: 'launcher-kubernetes',
  description: 'Writes an Indexed Job of Kubernetes a stage, and a Dockerfile; starts nothing.',
  module: 'dna-nas/plugins/launcher-kubernetes',
  export: 'launcherKubernetes',
  options: launcherKubernetesOptions,
  apply(run, options) {
    run.hooks.resolveLauncher.tap('launcher-kubernetes', () => ({
      where: 'elsewhere',
      prepare: options.prepare,
      plan: (jobs, context) => plan(jobs, context, options),
      submit: () => [],
      observe: () => [],
      cancel: () => undefined,
    }));
  },
});

function plan(
  jobs: readonly LaunchJob[],
  context: LaunchContext,
  options: LauncherKubernetesOptions,
): LaunchPlan {
  requireOnVolume(context, options.mount ?? context.project);
  const manifests = jobs.map((job) => [`${job.name}.yaml`, stringify(manifestOf(job, context, options))]);
  const lists = jobs
    .filter(({ tasks }) => tasks.length > 0)
    .map((job) => [tasksFile(job), `${job.tasks.join('\n')}\n`]);
  const files = Object.fromEntries([...manifests, ...lists, ['Dockerfile', dockerfile()]]);
  return { files, text: whatToGive(jobs, context, options) };
}

/** For people: the commands in their order. Kubernetes itself has no job wait for another. */
function whatToGive(
  jobs: readonly LaunchJob[],
  context: LaunchContext,
  { namespace }: LauncherKubernetesOptions,
): string {
  const kubectl = namespace === undefined ? 'kubectl' : `kubectl --namespace ${namespace}`;
  const commands = jobs.flatMap((job) => [
    `  ${kubectl} create --filename ${job.name}.yaml`,
    `  ${kubectl} wait --for=condition=Complete --timeout=-1s job/${jobName(job, context)}`,
  ]);
  const last = jobName(jobs.at(-1)!, context);
  return [
    `In ${context.files}, once its Dockerfile is built and pushed as launcher.image:`,
    ...commands,
    `What comes next is said by the last one: ${kubectl} logs job/${last}`,
  ].join('\n');
}
