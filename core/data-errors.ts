import { DnaError } from './errors.js';

/** Data could not be fetched from where they are; `fix` says how to bring them along. */
export function dataDownloadFailed(what: string, reason: string, fix: string): DnaError {
  return new DnaError('DATA_DOWNLOAD', `${what} could not be fetched: ${reason}.`, fix);
}
