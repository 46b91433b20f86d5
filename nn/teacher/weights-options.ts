import { DnaError } from 'dna-nas/errors';

/** Schema of `weightsFile`: where the weights of a teacher lie on one machine. */
export const WEIGHTS_FILE = {
  description: 'Where the weights lie on this machine, if not where `weights` says.',
  kind: 'machine',
  type: 'string',
  minLength: 1,
} as const;

/** An absolute path would be stored with the run. */
export function weightsAbsolute(weights: string): DnaError {
  return new DnaError(
    'TEACHER_WEIGHTS',
    `The option weights is the absolute path ${weights}; a run keeps only paths relative to its project.`,
    'Set weightsFile instead: it belongs to the machine and is not stored.',
    { exitCode: 2 },
  );
}
