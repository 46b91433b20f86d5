import { DnaError, reasonOf } from 'dna-nas/errors';

/** `dna report --live` cannot serve where it was told to. */
export function portTaken(port: number, cause: unknown): DnaError {
  return new DnaError(
    'PORT_TAKEN',
    `The port ${port} of this machine cannot be served on: ${reasonOf(cause)}; one that is free was expected.`,
    'Choose another by --port, or leave it out: any that is free is taken.',
    { exitCode: 2, cause },
  );
}
