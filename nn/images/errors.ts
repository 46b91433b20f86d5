import { DnaError } from 'dna-nas/errors';

/** Files that are whole do not fit each other or the options. */
export function dataMismatch(message: string, fix: string): DnaError {
  return new DnaError('DATA_MISMATCH', message, fix, { exitCode: 2 });
}

/** Data could not be fetched from where they are; `fix` says how to bring them along. */
export function dataDownloadFailed(what: string, reason: string, fix: string): DnaError {
  return new DnaError('DATA_DOWNLOAD', `${what} could not be fetched: ${reason}.`, fix);
}

/** What is to be done needs labels, and the data have none. */
export function dataUnlabelled(data: string, what: string, fix: string): DnaError {
  return new DnaError('DATA_UNLABELLED', `The data set ${data} has no labels, and ${what} them.`, fix, {
    exitCode: 2,
  });
}
