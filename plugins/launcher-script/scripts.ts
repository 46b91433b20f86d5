import { join } from 'node:path';
import type { LaunchContext, LaunchJob } from 'dna-nas/core/contracts';
import { quoteIfNeeded } from 'dna-nas/run-tools/words';

const words = (command: readonly string[]) => command.map(quoteIfNeeded).join(' ');

/** A script for `sh`. That of tasks is given a number from 1 on; that of the last job takes nothing. */
export function scriptOf({ name, tasks }: LaunchJob, context: LaunchContext): string {
  const { run, project, taskCommand, taskOptions, advanceCommand } = context;
  const head = ['#!/bin/sh', `cd ${quoteIfNeeded(project)} || exit 1`];
  if (tasks.length === 0) return lines([...head, `exec ${words(advanceCommand)}`]);
  return lines([
    `#!/bin/sh`,
    `# Tasks of the run ${run}, stage ${name}: the number of one, 1 to ${tasks.length}, is the only argument.`,
    ...['case $1 in', ...tasks.map((task, index) => `${index + 1}) task=${task} ;;`)],
    `*) echo "usage: $0 NUMBER, from 1 to ${tasks.length}" >&2; exit 2 ;;`,
    'esac',
    head[1]!,
    `exec ${words(taskCommand)} "$task"${taskOptions.length > 0 ? ` ${words(taskOptions)}` : ''}`,
  ]);
}

/** For people: which scripts to run, in which order. */
export function whatToRun(jobs: readonly LaunchJob[], { files }: LaunchContext): string {
  return jobs
    .map(({ name, tasks, after }) => {
      const script = quoteIfNeeded(join(files, `${name}.sh`));
      const when = after.length > 0 ? `, after ${after.join(' and ')}` : '';
      if (tasks.length === 0) return `At last${when}, to go on with the run:\n  sh ${script}`;
      const each = tasks.length === 1 ? 'the only one' : `from 1 to ${tasks.length}, in any order`;
      return `${name}${when}: NUMBER is ${each}, each on any machine that sees the folder:\n  sh ${script} NUMBER`;
    })
    .join('\n');
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
