import { DnaError } from 'dna-nas/errors';

/** Of sysexits.h: later the same command may work. */
const TRY_AGAIN = 75;

export function checkpointsCorrupt(task: string, problems: readonly string[]): DnaError {
  return new DnaError(
    'STORE_CHECKPOINTS_CORRUPT',
    `No checkpoint of task ${task} is whole: ${problems.join('; ')}.`,
    `Restore checkpoints/${task} from a backup, or remove that folder to start this task from its beginning.`,
  );
}

export function resultExists(task: string): DnaError {
  return new DnaError(
    'RESULT_EXISTS',
    `Task ${task} already has a result; a second one is refused.`,
    'Another process finished this task. Nothing is to be done; run the same command again to go on.',
  );
}

export function runOwned(problem: string, fix: string): DnaError {
  return new DnaError('RUN_OWNED', problem, fix);
}

export function ownerLost(problem: string): DnaError {
  return new DnaError(
    'OWNER_LOST',
    `This process no longer owns the run: ${problem}. Nothing more is written.`,
    'Leave the run to its new owner; what this process had committed is kept.',
  );
}

export function claimLost(task: string, problem: string): DnaError {
  return new DnaError(
    'CLAIM_LOST',
    `This process no longer works on task ${task}: ${problem}. Nothing more is written.`,
    'Leave the task to whoever has it now; the same command waits for it or says who that is.',
    { exitCode: TRY_AGAIN },
  );
}

/** @param claimant says who has it and since when. */
export function taskClaimed(task: string, claimant: string): DnaError {
  return new DnaError(
    'TASK_CLAIMED',
    `Task ${task} is claimed by ${claimant}.`,
    'Wait for its result, or stop that process and run this again.',
    { exitCode: TRY_AGAIN },
  );
}

export function readOnly(path: string): DnaError {
  return new DnaError(
    'STORE_READ_ONLY',
    `${path} cannot be written: this run folder was attached for reading.`,
    'Open it with openRunFolder, or attach it with the token of its owner.',
  );
}

export function invalidName(kind: string, name: string): DnaError {
  return new DnaError(
    'STORE_NAME_INVALID',
    `The ${kind} ${JSON.stringify(name)} cannot be a file name in a run folder.`,
    'Use 1 to 120 of a-z, 0-9, ".", "_" and "-", beginning with a letter or digit, and none of the reserved names.',
  );
}

/** A run folder of a later format than this version knows. */
export function newerFormat(
  run: string,
  found: {
    readonly format: number;
    readonly writtenBy: string;
    readonly known: number;
    readonly version: string;
  },
): DnaError {
  return new DnaError(
    'RUN_FORMAT',
    `The run ${run} has format ${found.format} of dna-nas ${found.writtenBy}; this is dna-nas ${found.version}, which reads formats up to ${found.known}.`,
    `Use the version that wrote it: npx --package dna-nas@${found.writtenBy} dna …`,
    { exitCode: 2 },
  );
}

export function noRunFolder(folder: string): DnaError {
  return new DnaError(
    'RUN_NOT_FOUND',
    `${folder} is no run folder: it has no config.json.`,
    'Check the name.',
    {
      exitCode: 2,
    },
  );
}
