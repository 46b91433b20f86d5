import { DnaError } from 'dna-nas/errors';

const CODE = 'TEACHER_WEIGHTS';
const USAGE = { exitCode: 2 };

const TRAIN = 'Train a network first, `dna retrain --architecture …`, and name its result.';

export function noWeights(): DnaError {
  return new DnaError(CODE, 'The teacher has no weights: the option weights is not set.', TRAIN, USAGE);
}

/** `close` is what was most likely meant. */
export function weightsMissing(weights: string, close: string | undefined): DnaError {
  return new DnaError(
    CODE,
    `The teacher's weights "${weights}" are not there: there is no such file in the project.`,
    close === undefined ? TRAIN : `Did you mean --set teacher.weights=${close}?`,
    USAGE,
  );
}

/** The file is there and is not this teacher's. */
export function weightsUnusable(file: string, cause: unknown): DnaError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DnaError(
    CODE,
    `The teacher's weights ${file} cannot be used: ${reason}`,
    'Name the result of a retraining in this space, and leave teacher.architecture to what the file says.',
    { cause, exitCode: 2 },
  );
}

export function noArchitecture(file: string): DnaError {
  return new DnaError(
    CODE,
    `The teacher's weights ${file} do not say which network they are of.`,
    'Set teacher.architecture to its name or text.',
    USAGE,
  );
}

/** A result of an earlier version, or no result. */
export function noShape(file: string): DnaError {
  return new DnaError(
    CODE,
    `The teacher's weights ${file} do not say which images and classes they were trained with.`,
    'Name the result of a retraining by this version, runs/NAME/results/retrain-….safetensors.',
    USAGE,
  );
}

export function cannotBeCut(space: string): DnaError {
  return new DnaError(
    CODE,
    `Networks of the space ${space} tell no feature maps between their stages, so that none can be a teacher.`,
    'Build them by layeredSpace, or give them features() and stageShapes().',
    USAGE,
  );
}
