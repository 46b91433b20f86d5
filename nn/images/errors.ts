import { DnaError } from 'dna-nas/errors';

/** Files that are whole do not fit each other or the options. */
export function dataMismatch(message: string, fix: string): DnaError {
  return new DnaError('DATA_MISMATCH', message, fix, { exitCode: 2 });
}
