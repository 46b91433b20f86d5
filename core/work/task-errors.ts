import { DnaError } from 'dna-nas/errors';

/** Later the same command may work. */
const TRY_AGAIN = 75;

/** `dna task` was asked for a task that the run does not have. */
export function noSuchTask(folder: string, task: string, known: readonly string[]): DnaError {
  const listed =
    known.length > 0 ? `It has ${known.slice(0, 6).join(', ')}${known.length > 6 ? ', …' : ''}.` : undefined;
  return new DnaError(
    'TASK_UNKNOWN',
    `The run ${folder} has no task ${task}.`,
    listed ?? 'Start the run with `dna run`: its tasks are laid out there.',
    { exitCode: 2 },
  );
}

/** `dna task` was asked for a task whose inputs are not there yet; `missing` are tasks, with who works on them. */
export function taskNotReady(task: string, missing: readonly string[]): DnaError {
  const some = missing.length === 1 ? 'a result that is' : 'results that are';
  return new DnaError(
    'TASK_NOT_READY',
    `Task ${task} needs ${some} not there yet: ${missing.join(', ')}.`,
    'Execute these tasks first, or wait for them; `dna tasks <run>` shows how far each is.',
    { exitCode: TRY_AGAIN },
  );
}
