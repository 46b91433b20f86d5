import { relative } from 'node:path';
import { advanceRun, cancelRun, type Launch, type LaunchedOrRun } from 'dna-nas/run-tools/launch';
import { quoteIfNeeded } from 'dna-nas/run-tools/words';
import { printable } from './printable.js';
import { withStopSignals } from './stop-signals.js';

/** What was launched, and what comes next. */
export function showLaunch({ launch }: LaunchedOrRun, folder: string): void {
  process.stdout.write(
    `${printable(describe(launch, quoteIfNeeded(relative(process.cwd(), folder) || '.')))}\n`,
  );
}

/** `dna advance`: what the last job of a launch does. */
export async function advanceCommand(
  folder: string,
  { takeOver = false }: { takeOver?: boolean },
): Promise<void> {
  const noticed = (text: string) => process.stderr.write(`${printable(text)}\n`);
  const result = await withStopSignals((signal) => advanceRun(folder, { takeOver, signal, noticed }));
  if (!result.summary) showLaunch(result, folder);
}

/** `dna cancel`: ends what was launched. */
export async function cancelCommand(folder: string): Promise<void> {
  const ids = await cancelRun(folder);
  const text =
    ids.length > 0
      ? `Cancelled ${ids.join(', ')}. What was saved stays: the command that launched the run submits what is missing.`
      : 'No job of this run is live.';
  process.stdout.write(`${printable(text)}\n`);
}

function describe(launch: Launch | undefined, folder: string): string {
  const next = `dna status ${folder} shows how far they are, dna cancel ${folder} ends them.`;
  if (!launch) return `Every task that is left has a job that is live. ${next}`;
  if (launch.text !== undefined) return launch.text;
  const lines = launch.jobs.map(({ name, tasks, started, after }) => {
    const what =
      tasks.length === 0 ? 'goes on with the run' : tasks.length === 1 ? '1 task' : `${tasks.length} tasks`;
    const when = after.length > 0 ? `, after ${after.join(' and ')}` : '';
    return `${started.map(({ id }) => id).join(' ')}  ${name}: ${what}${when}`;
  });
  return ['Submitted:', ...lines.map((line) => `  ${line}`), next].join('\n');
}
