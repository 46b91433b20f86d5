import { join } from 'node:path';
import type { LaunchContext, LaunchJob } from 'dna-nas/core/contracts';
import { quote, quoteIfNeeded } from 'dna-nas/run-tools/words';
import { type LauncherSlurmOptions, siteOptions } from './options.js';

/** Restarts in a row that may bring nothing new. */
const IDLE_RESTARTS = 2;

/** File, below the launch's, with the ids of an array's tasks, a line each. */
export const tasksFile = ({ name }: LaunchJob) => `${name}.tasks`;
export const scriptFile = ({ name }: LaunchJob) => `${name}.sbatch`;
/** File that an element of an array, or a job without tasks, writes what it says to. */
export const logFile = ({ name, tasks }: LaunchJob, index: number | '%a') =>
  tasks.length === 0 ? `${name}.log` : `${name}-${index}.log`;

/** What sbatch is given: the site's options, then what the run needs. */
export function jobScript(job: LaunchJob, context: LaunchContext, options: LauncherSlurmOptions): string {
  const isArray = job.tasks.length > 0;
  return [
    '#!/bin/bash',
    ...directives(job, context, options).map((directive) => `#SBATCH ${directive}`),
    '',
    `files=${quote(context.files)}`,
    ...(isArray ? ARRAY : ALONE).map((line) => line.replaceAll('@JOB', job.name)),
    `cd ${quote(context.project)} || exit 1`,
    ...options.setup,
    '# A step is told of a preemption, a batch script is not; so the work is a step, and this shell stays behind it.',
    `srun --ntasks=1 \${SLURM_CPUS_PER_TASK:+--cpus-per-task=$SLURM_CPUS_PER_TASK} \\`,
    `  ${workWords(job, context, options)}`,
    'code=$?',
    `progress=$(ls ${progressFolders(job, context)} 2>/dev/null | cksum)`,
    ...AGAIN,
    '',
  ].join('\n');
}

function directives(job: LaunchJob, context: LaunchContext, options: LauncherSlurmOptions): string[] {
  const { name, tasks } = job;
  return [
    ...siteOptions(options.sbatch, (value) => quoteIfNeeded(String(value))),
    `--job-name=${quoteIfNeeded(`dna-${context.run}-${name}`)}`,
    ...(tasks.length > 0 ? [`--array=0-${tasks.length - 1}`] : []),
    '--requeue',
    '--open-mode=append',
    `--signal=USR2@${options.signalSeconds}`,
    `--output=${quoteIfNeeded(join(context.files, logFile(job, '%a')))}`,
  ];
}

const ARRAY = [
  'task=$(sed -n "$((SLURM_ARRAY_TASK_ID + 1))p" "$files/@JOB.tasks")',
  'self="$SLURM_ARRAY_JOB_ID"_"$SLURM_ARRAY_TASK_ID"',
  'restarts=$files/@JOB-$SLURM_ARRAY_TASK_ID.restarts',
];
const ALONE = ['self=$SLURM_JOB_ID', 'restarts=$files/@JOB.restarts'];

/** Whatever held the task or the run was this job itself, before it was started again. */
const TAKE_OVER = `\${SLURM_RESTART_COUNT:+--take-over}`;

function workWords(
  { tasks }: LaunchJob,
  context: LaunchContext,
  { container }: LauncherSlurmOptions,
): string {
  const { taskCommand, taskOptions, advanceCommand } = context;
  const quoted = (words: readonly string[]) => words.map(quoteIfNeeded);
  const work =
    tasks.length > 0
      ? [...quoted(taskCommand), '"$task"', TAKE_OVER, ...quoted(taskOptions)]
      : [...quoted(advanceCommand), TAKE_OVER];
  return [...quoted(container), ...work].join(' ');
}

/** Folders whose files change with every step that is not lost. */
function progressFolders({ tasks }: LaunchJob, { folder }: LaunchContext): string {
  if (tasks.length > 0) return `${quote(join(folder, 'checkpoints'))}/"$task"`;
  return ['tasks', 'results', 'checkpoints'].map((name) => quote(join(folder, name))).join(' ');
}

/** 75: saved, run me again. 128 and above: a signal ended it, and it goes on from its last checkpoint. */
const AGAIN = [
  'if [ "$code" -ne 75 ] && [ "$code" -lt 128 ]; then exit "$code"; fi',
  'if [ -e "$files/cancelled" ]; then exit "$code"; fi',
  'idle=0',
  'if [ "$(sed -n 2p "$restarts" 2>/dev/null)" = "$progress" ]; then idle=$(($(sed -n 1p "$restarts") + 1)); fi',
  `if [ "$idle" -ge ${IDLE_RESTARTS} ]; then`,
  `  echo "dna: ${IDLE_RESTARTS} restarts in a row have brought no new checkpoint; this one is not started again." >&2`,
  '  exit "$code"',
  'fi',
  `printf '%s\\n%s\\n' "$idle" "$progress" >"$restarts"`,
  'if command -v scontrol >/dev/null && scontrol requeue "$self"; then sleep 60; fi',
  'exit "$code"',
];
