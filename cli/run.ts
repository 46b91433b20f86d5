import { relative } from 'node:path';
import type { ConfigRequest } from 'dna-nas/configuration';
import { type RunOptions, STAGES } from 'dna-nas/core/run';
import type { StageName } from 'dna-nas/core/stages';
import { nearest, wrongUsage } from 'dna-nas/errors';
import { launchRun } from 'dna-nas/run-tools/launch';
import { forked, like, orAbandon, type Prepared } from './fork.js';
import { showLaunch } from './launch.js';
import { printable } from './printable.js';
import { runFolder } from './run-folder.js';
import { withStopSignals } from './stop-signals.js';
import { showLaidOut } from './tasks.js';

/** `dna run`: the reports print what comes out. */
export async function runCommand(request: ConfigRequest, given: RunCommandOptions): Promise<void> {
  const { until, layOut = false, takeOver = false } = given;
  const options = { ...(until !== undefined && { until: readStage(until) }), layOut, takeOver };
  await orAbandon(await prepared(request, given), (asked) => startRun(asked, options));
}

async function prepared(request: ConfigRequest, { from, fork }: RunCommandOptions): Promise<Prepared> {
  if (from !== undefined && fork)
    throw wrongUsage(
      '--from and --fork are both given.',
      'Leave --fork out: --from makes a new run already.',
    );
  if (from !== undefined) return like(from, request);
  return fork ? forked(request) : { request };
}

/** Runs until it ends or a signal stops it; shows the tasks if they were only laid out, or who executes them. */
export async function startRun(
  request: ConfigRequest,
  options: Pick<RunOptions, 'until' | 'layOut' | 'takeOver'>,
): Promise<void> {
  const result = await withStopSignals((signal) => launchRun(request, { ...options, signal }));
  if (result.summary) return;
  if (result.elsewhere) showLaunch(result, await runFolder(request));
  else if (options.layOut) await showLaidOut(request);
  else if (options.until !== undefined) await showNext(options.until, request);
}

/** Stages after which a run has ratings of all candidates. */
const RATED: readonly StageName[] = ['rank', 'search', 'retrain'];

/** How to go on with a run that has ended where it was told to. */
async function showNext(until: StageName, request: ConfigRequest): Promise<void> {
  const folder = relative(process.cwd(), await runFolder(request));
  const search = RATED.includes(until)
    ? `\n\`dna search ${folder}\` lists its best networks under any limits.`
    : '';
  process.stdout.write(
    `${printable(`Ended after ${until}, as asked. The same command without --until goes on.${search}`)}\n`,
  );
}

export interface RunCommandOptions {
  readonly until?: string;
  readonly layOut?: boolean;
  readonly takeOver?: boolean;
  readonly fork?: boolean;
  /** Folder of the run that this one is configured as. */
  readonly from?: string;
}

function readStage(name: string): StageName {
  const stage = STAGES.find((known) => known === name);
  if (stage) return stage;
  const close = nearest(name, STAGES);
  throw wrongUsage(
    `There is no stage ${JSON.stringify(name)} to end after; the stages are ${STAGES.join(', ')}.`,
    close ? `Did you mean --until ${close}?` : 'Give one of them to --until.',
  );
}
