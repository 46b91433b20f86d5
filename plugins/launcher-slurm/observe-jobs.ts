import type { ObservedJob } from 'dna-nas/core/contracts';
import type { DnaError } from 'dna-nas/errors';
import { slurm } from './commands.js';

/** One line an element of an array: its id, its state and why it waits or where it runs. */
const WORDS = ['--me', '--array', '--noheader', '--format=%i|%T|%r|%N'];

/**
 * Jobs that Slurm has of this user, elements of arrays apart. Slurm forgets a job some minutes after its end; accounting
 * is not asked, as many sites have none. Undefined where there is no squeue.
 */
export function observeJobs(): ObservedJob[] | undefined {
  try {
    return slurm('squeue', WORDS).split('\n').flatMap(parseLine);
  } catch (error) {
    if ((error as DnaError).code === 'SLURM_MISSING') return undefined;
    throw error;
  }
}

function parseLine(line: string): ObservedJob[] {
  const [id, state, reason, node] = line.trim().split('|');
  if (!id || !state) return [];
  const about = node || (reason === 'None' ? '' : reason);
  return [{ id, state: about ? `${state} (${about})` : state }];
}
