import { type ConfigRequest, nearest, run, type StageName, wrongUsage } from 'dna-nas/core';
import { forked } from './fork.js';
import { withStopSignals } from './stop-signals.js';

/** Stages that a run can end after. */
export const STAGES = [
  'backend',
  'data',
  'teacher',
  'space',
  'partition',
  'supernet',
  'distill',
  'rank',
  'search',
  'retrain',
  'report',
] as const satisfies readonly StageName[];

/** `dna run`: the reports print what comes out. */
export async function runCommand(
  request: ConfigRequest,
  { until, takeOver, fork }: { until?: string; takeOver?: boolean; fork?: boolean },
): Promise<void> {
  const options = { ...(until !== undefined && { until: readStage(until) }), takeOver: takeOver ?? false };
  const asked = fork ? await forked(request) : request;
  await withStopSignals((signal) => run(asked, { ...options, signal }));
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
