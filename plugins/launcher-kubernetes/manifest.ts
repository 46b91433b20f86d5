import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import type { LaunchContext, LaunchJob } from 'dna-nas/core/contracts';
import { quote, quoteIfNeeded } from 'dna-nas/run-tools/words';
import type { LauncherKubernetesOptions } from './options.js';

/** The one container of a pod. */
const CONTAINER = 'dna';
const VOLUME = 'run';
/** By which Kueue knows whose turn a job waits for. */
const QUEUE_LABEL = 'kueue.x-k8s.io/queue-name';
/** A pod's host name is the job's name and its number, 63 characters at most. */
const MOST_OF_RUN = 24;
/** Of the contract of exit codes: saved, run me again; an error of the task; a mistake of the user. */
const SAVED = 75;
const ERRORS = [1, 2];

/** File, below the launch's, with the ids of a job's tasks, a line each. */
export const tasksFile = ({ name }: LaunchJob) => `${name}.tasks`;

/** `dna-quickstart-1-distill`: run, number of the launch, job. */
export function jobName({ name }: LaunchJob, { run, files }: LaunchContext): string {
  const plain = run
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/-$/, '');
  const short = plain.slice(0, MOST_OF_RUN);
  // What is not told by its plain name is told by a hash.
  const told = short === run ? run : `${short}-${createHash('sha256').update(run).digest('hex').slice(0, 6)}`;
  return `dna-${told}-${basename(files)}-${name}`;
}

/** An Indexed Job: its pod of number n executes the task of line n + 1, that of a job without tasks goes on with the run. */
export function manifestOf(
  job: LaunchJob,
  context: LaunchContext,
  options: LauncherKubernetesOptions,
): object {
  const { namespace, queue, retries, parallelism } = options;
  const completions = Math.max(1, job.tasks.length);
  const labels = {
    'app.kubernetes.io/name': 'dna-nas',
    ...(queue !== undefined && { [QUEUE_LABEL]: queue }),
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: jobName(job, context), ...(namespace !== undefined && { namespace }), labels },
    spec: {
      completionMode: 'Indexed',
      completions,
      parallelism: Math.min(completions, parallelism ?? completions),
      // Kueue lets it begin.
      ...(queue !== undefined && { suspend: true }),
      backoffLimitPerIndex: retries,
      // Of one task two pods never work at a time.
      podReplacementPolicy: 'Failed',
      podFailurePolicy: { rules: rules() },
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': 'dna-nas' } },
        spec: podOf(job, context, options),
      },
    },
  };
}

/** What is not said here counts against `retries`: a pod that was killed, by the lack of memory too. */
function rules(): object[] {
  const onExitCodes = (values: readonly number[]) => ({ containerName: CONTAINER, operator: 'In', values });
  return [
    { action: 'Ignore', onExitCodes: onExitCodes([SAVED]) },
    { action: 'FailIndex', onExitCodes: onExitCodes(ERRORS) },
    // A preemption, or a node that is drained.
    { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
  ];
}

function podOf(job: LaunchJob, context: LaunchContext, options: LauncherKubernetesOptions): object {
  const { image, volume, mount = context.project, resources, pod, graceSeconds } = options;
  return {
    terminationGracePeriodSeconds: graceSeconds,
    ...ownerOfFiles(),
    ...pod,
    restartPolicy: 'Never',
    containers: [
      {
        name: CONTAINER,
        image,
        command: ['/bin/sh', '-c', commandOf(job, context)],
        workingDir: context.project,
        env: environment(),
        resources,
        volumeMounts: [{ name: VOLUME, mountPath: mount }],
      },
    ],
    volumes: [{ name: VOLUME, persistentVolumeClaim: { claimName: volume } }],
  };
}

/** Pods write to the volume as whoever launches them does. */
function ownerOfFiles(): object {
  const [user, group] = [process.getuid?.(), process.getgid?.()];
  if (user === undefined) return {};
  return { securityContext: { runAsUser: user, runAsGroup: group } };
}

function environment(): object[] {
  const { DNA_BACKENDS } = process.env;
  return DNA_BACKENDS === undefined ? [] : [{ name: 'DNA_BACKENDS', value: DNA_BACKENDS }];
}

/** Node takes the shell's place, so that it hears of the end. */
function commandOf(job: LaunchJob, context: LaunchContext): string {
  const { files, taskCommand, taskOptions, advanceCommand } = context;
  const words = ([, ...command]: readonly string[]) => ['exec', 'node', ...command.map(quoteIfNeeded)];
  if (job.tasks.length === 0) return words(advanceCommand).join(' ');
  const list = quote(join(files, tasksFile(job)));
  const task = [...words(taskCommand), '"$task"', ...taskOptions.map(quoteIfNeeded)].join(' ');
  return `task=$(sed -n "$((JOB_COMPLETION_INDEX + 1))p" ${list}) && ${task}`;
}
