import type { DnaError } from 'dna-nas/errors';
import { slurm } from './commands.js';

/** Elements of an array as Slurm has it unless a site says otherwise: numbers below `MaxArraySize`, 1001. */
const USUAL = 1001;

/** Most elements of an array job at this site; where it cannot be asked, as in some containers, the usual number. */
export function largestArray(): number {
  try {
    const said = slurm('scontrol', ['show', 'config']);
    return Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(said)?.[1] ?? USUAL);
  } catch (error) {
    if ((error as DnaError).code === undefined) throw error;
    return USUAL;
  }
}
