import { type OpenTask, type RunStatus, runStatus } from 'dna-nas/run-tools/launch';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/** Rows of tasks that are shown; all are in the data. */
const MOST_ROWS = 50;
/** Characters of a job's last words. */
const MOST_WORDS = 60;

/** `dna status`: how far a run is that jobs, or other processes, may be working on. */
export async function statusCommand(folder: string, { json }: { json: boolean }): Promise<void> {
  const status = await runStatus(folder);
  if (json) printJson(status);
  else process.stdout.write(`${printable(describe(status))}\n`);
}

function describe({ run, complete, stages, tasks, jobs, unobserved }: RunStatus): string {
  if (complete) return `The run ${run} is complete.`;
  const counts = stages.map(({ stage, tasks: all, finished }) => `${stage} ${finished}/${all}`);
  const more = tasks.length - MOST_ROWS;
  return [
    `The run ${run}: ${counts.length > 0 ? counts.join(', ') : 'no tasks are laid out yet'}.`,
    ...(unobserved === undefined ? [] : [`Jobs: ${unobserved}.`]),
    ...(tasks.length + jobs.length > 0 ? ['', tableOf(tasks.slice(0, MOST_ROWS), jobs)] : []),
    ...(more > 0 ? [`and ${more} more tasks`] : []),
  ].join('\n');
}

function tableOf(tasks: RunStatus['tasks'], jobs: RunStatus['jobs']): string {
  return formatTable([
    ['task', 'state', 'job', 'step', 'steps/s', 'time left', 'last words'],
    ...tasks.map(rowOf),
    ...jobs.map(({ name, job, lastWords }) => [
      ...[name, '', `${job.id} ${job.state}`, '', '', ''],
      (lastWords ?? '').slice(0, MOST_WORDS),
    ]),
  ]);
}

function rowOf(task: OpenTask): string[] {
  const { id, state, job, claimant, step, steps, stepsPerSecond, secondsLeft, lastWords = '' } = task;
  const owner = claimant ? ` by ${claimant.host}:${claimant.pid}` : '';
  return [
    id,
    state + owner,
    job ? `${job.id} ${job.state}` : '',
    step === undefined ? '' : steps === undefined ? String(step) : `${step}/${steps}`,
    stepsPerSecond === undefined ? '' : stepsPerSecond.toPrecision(3),
    secondsLeft === undefined ? '' : timeText(secondsLeft),
    lastWords.slice(0, MOST_WORDS),
  ];
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${Math.round(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}
