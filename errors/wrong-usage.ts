import { DnaError } from './dna-error.js';

/** A command line that names no command, or options that the command does not have. */
export function wrongUsage(problem: string, hint: string): DnaError {
  return new DnaError('USAGE', problem, hint, { exitCode: 2 });
}
