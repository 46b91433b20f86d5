import { relative } from 'node:path';
import type { ConfigRequest } from 'dna-nas/configuration';
import { counted } from 'dna-nas/errors';
import { listTasks, type TaskList, type TaskStatus } from 'dna-nas/run-tools/runs';
import { printable } from './printable.js';
import { runFolder } from './run-folder.js';
import { formatTable, printJson } from './table.js';

/** `dna tasks`: the tasks that a run has laid out, and how far each is. */
export function tasksCommand(folder: string, { json }: { json: boolean }): void {
  const list = listTasks(folder);
  if (json) printJson(list);
  else process.stdout.write(`${printable(describe(list))}\n`);
}

/** What `--lay-out` has laid out, and how to go on. */
export async function showLaidOut(request: ConfigRequest): Promise<void> {
  const folder = relative(process.cwd(), await runFolder(request));
  const list = listTasks(folder);
  const ready = list.tasks.find(({ state }) => state === 'ready');
  const next = ready
    ? `\nExecute them anywhere, as dna task ${folder} ${ready.id}; then`
    : '\nOnce they have results,';
  process.stdout.write(`${printable(describe(list))}${next} the same command goes on.\n`);
}

function describe({ tasks, complete, run }: TaskList): string {
  if (tasks.length === 0) return `The run ${run} has laid out no tasks yet.`;
  const counts = (['finished', 'claimed', 'ready', 'waiting'] as const)
    .map((state) => ({ state, count: tasks.filter((task) => task.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${state}`);
  const rows = tasks.map((task) => [task.id, task.stage, task.state, remark(task)]);
  const table = formatTable([['task', 'stage', 'state', ''], ...rows]);
  return `${table}\n\n${counted(tasks.length, 'task')}: ${counts.join(', ')}${complete ? '; the run is complete' : ''}.`;
}

function remark({ state, missing, claimant }: TaskStatus): string {
  if (claimant) return `by process ${claimant.pid} on ${claimant.host} since ${claimant.since}`;
  return state === 'waiting' ? `for ${missing.join(', ')}` : '';
}
