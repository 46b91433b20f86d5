import { DnaError } from 'dna-nas/errors';
import { errorCode } from './file-layer.js';

const RUN_AGAIN = 'Run the same command again when the disk is well; nothing is lost.';

/** A write that failed; the file keeps its last state. `path` is as the user gave it, below the run folder. */
export function writeFailed(path: string, bytes: number, cause: unknown): DnaError {
  if (cause instanceof DnaError) return cause;
  const code = errorCode(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DnaError(
      'STORE_DISK_FULL',
      `There is no room for ${path}: it needs ${bytes} bytes (${code}).`,
      'Make room and run the same command again; nothing is lost.',
      { cause, exitCode: 75 },
    );
  }
  const problem = `${path} (${bytes} bytes) could not be written: ${diskReason(cause)}.`;
  return new DnaError('STORE_WRITE_FAILED', problem, RUN_AGAIN, { cause });
}

/** Errors that another folder mends; what a failing disk says is not among them. */
const NO_PLACE = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS']);

/** A folder of the run that cannot be made. */
export function folderFailed(path: string, cause: unknown): DnaError {
  if (!NO_PLACE.has(errorCode(cause) ?? '')) return writeFailed(path, 0, cause);
  return new DnaError(
    'RUN_FOLDER_UNUSABLE',
    `The run's folder ${path} cannot be made: ${diskReason(cause)}.`,
    'Set another folder for runs that you may write in: --set runs=<folder>.',
    { cause, exitCode: 2 },
  );
}

export function readFailed(path: string, cause: unknown): DnaError {
  if (cause instanceof DnaError) return cause;
  return new DnaError('STORE_READ_FAILED', `${path} could not be read: ${diskReason(cause)}.`, RUN_AGAIN, {
    cause,
  });
}

/** What `action` reads; its failure is told as that of `path`. */
export function reading<Value>(path: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    throw readFailed(path, error);
  }
}

export function linkFailed(path: string, cause: unknown): DnaError {
  return new DnaError(
    'STORE_NO_LINKS',
    `${path} could not be linked: ${diskReason(cause)}. A run folder needs a file system with hard links.`,
    'Set `runs` to a folder on another file system (not exFAT or FAT).',
    { cause },
  );
}

export function corrupt(path: string, problem: string, fix: string): DnaError {
  return new DnaError('STORE_CORRUPT', `${path} is damaged: ${problem}.`, fix);
}

export function notPlain(path: string, where: string, found: string): DnaError {
  return new DnaError(
    'STORE_VALUE_INVALID',
    `${path}: ${where || 'the value'} is ${found}, which a run folder cannot keep.`,
    'Give null, booleans, finite numbers, strings, arrays and plain objects, and paths relative to the project.',
  );
}

/** What a disk said, in a line. */
export function diskReason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
