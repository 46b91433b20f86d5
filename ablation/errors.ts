import { DnaError } from 'dna-nas/errors';
import { type Point, pointText } from './points.js';

const USAGE = { exitCode: 2 };
const GO_ON = 'The other points keep what they have; the same command goes on.';

/** A grid that says nothing that can be run; `problem` names the axis or level. */
export function badGrid(problem: string, fix: string): DnaError {
  return new DnaError('ABLATION_GRID', problem, fix, USAGE);
}

/** A point of the grid cannot run, or failed; the cause's own hint and exit code stay. */
function pointFailed(point: string, cause: unknown): DnaError {
  const known = cause instanceof DnaError ? cause : undefined;
  return new DnaError(
    'ABLATION_POINT',
    `The point ${point} of the grid failed: ${reasonOf(cause)}`,
    known?.hint ?? GO_ON,
    { cause, exitCode: known?.exitCode ?? 1 },
  );
}

/** Several points failed; `failures` name theirs. */
export function pointsFailed(failures: readonly DnaError[]): DnaError {
  const [first] = failures as readonly [DnaError];
  if (failures.length === 1) return first;
  const lines = failures.map(({ message }) => `  ${message}`);
  const problem = `${failures.length} points of the grid failed:\n${lines.join('\n')}`;
  return new DnaError('ABLATION_POINT', problem, GO_ON, { cause: first, exitCode: first.exitCode });
}

/** Names the point in whatever goes wrong with it. */
export async function attempt<Result>(point: Point, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DnaError && (error.code === 'STOPPED' || error.code === 'ABLATION_GRID'))
      throw error;
    throw pointFailed(pointText(point), error);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
