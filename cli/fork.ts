import type { ConfigRequest } from 'dna-nas/configuration';
import { DnaError } from 'dna-nas/errors';
import { type Fork, forkRun, runLike } from 'dna-nas/run-tools';
import { printable } from './printable.js';

const MOST_LINES = 8;

/** What to run, and what to do should it fail. */
export interface Prepared {
  readonly request: ConfigRequest;
  readonly fork?: Fork | undefined;
}

/** Where `--fork` was asked for; says on standard error what differs and what is taken over. */
export async function forked(request: ConfigRequest): Promise<Prepared> {
  const fork = await forkRun(request);
  if (!fork) {
    process.stderr.write('--fork: there is no run of another configuration to fork; this one is run.\n');
    return { request };
  }
  const { from, name, differences } = fork;
  tell([
    `--fork: ${name} is a new run beside ${from}, which differs in`,
    ...shown(differences),
    takenText(fork),
  ]);
  return { request: fork.request, fork };
}

/** Where `--from` was asked for: the run of that folder with what is overridden. */
export async function like(folder: string, request: ConfigRequest): Promise<Prepared> {
  const { name, differences, fork, ...run } = await runLike(folder, request);
  if (differences.length === 0)
    tell([`--from: nothing is overridden; ${name} itself is run, or gone on with.`]);
  else
    tell([
      `--from: ${name} is run as ${folder} was, apart from`,
      ...shown(differences),
      ...(fork ? [takenText(fork)] : []),
    ]);
  return { ...run, fork };
}

/**
 * Runs what was prepared. A fork that fails before it has a task of its own leaves no folder, so that the next try has
 * its name.
 */
export async function orAbandon(
  { request, fork }: Prepared,
  start: (request: ConfigRequest) => Promise<void>,
): Promise<void> {
  try {
    await start(request);
  } catch (error) {
    if (!(error instanceof DnaError && error.code === 'STOPPED')) fork?.abandon();
    throw error;
  }
}

function shown(differences: readonly string[]): string[] {
  const more = differences.length - MOST_LINES;
  const lines = differences.slice(0, MOST_LINES).map((line) => `  ${line}`);
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}

function takenText({ from, taken }: Fork): string {
  return taken.length > 0
    ? `${taken.length} finished tasks of ${from} still hold and are taken over; the rest is computed.`
    : `No finished task of ${from} holds under this configuration: everything is computed.`;
}

function tell(lines: readonly string[]): void {
  process.stderr.write(`${printable(lines.join('\n'))}\n`);
}
