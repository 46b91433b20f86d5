import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** `dna advance` and `dna cancel` are of runs that a launcher has. */
export function notLaunched(folder: string): DnaError {
  return new DnaError(
    'LAUNCH_UNKNOWN',
    `The run ${folder} was not launched from its folder: there is no ${folder.replace(/[^/\\]*$/, '')}.launch of it.`,
    'Start it by `dna run --set launcher=…`, or name the folder that it was launched in.',
    USAGE,
  );
}

/** What a launch has written cannot be understood. */
export function launchDamaged(file: string): DnaError {
  return new DnaError(
    'LAUNCH_DAMAGED',
    `${file} is not what a launch has written.`,
    'Run the command that launched the run again; remove the file first if it stays.',
  );
}

/** Jobs have ended without the results that they were started for. */
export function tasksLeft(run: string, tasks: readonly string[]): DnaError {
  const named = tasks.slice(0, 6).join(', ') + (tasks.length > 6 ? ', …' : '');
  return new DnaError(
    'LAUNCH_INCOMPLETE',
    `Jobs of the run ${run} have ended without results of ${tasks.length === 1 ? 'a task' : `${tasks.length} tasks`}: ${named}.`,
    '`dna status` shows the last words of each; the command that launched the run submits them again.',
  );
}

/** Whether jobs are at work cannot be told, so that none is submitted twice. */
export function cannotObserve(run: string): DnaError {
  return new DnaError(
    'LAUNCH_UNOBSERVED',
    `The scheduler cannot be asked from here whether jobs of the run ${run} are still at work.`,
    'Give the command on a machine with the commands of the scheduler.',
  );
}
