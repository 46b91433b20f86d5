import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** A grid that says nothing that can be run; `problem` names the axis or level. */
export function badGrid(problem: string, fix: string): DnaError {
  return new DnaError('ABLATION_GRID', problem, fix, USAGE);
}

/** A point of the grid cannot run, or failed; the cause's own hint and exit code stay. */
export function pointFailed(point: string, cause: unknown): DnaError {
  const known = cause instanceof DnaError ? cause : undefined;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    'ABLATION_POINT',
    `The point ${point} of the grid failed: ${reason}`,
    known?.hint ?? 'The other points keep what they have; the same command goes on.',
    { cause, exitCode: known?.exitCode ?? 1 },
  );
}
