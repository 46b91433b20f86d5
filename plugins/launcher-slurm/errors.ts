import { DnaError } from 'dna-nas/errors';

/** A command of Slurm is not on the path. */
export function noCommand(command: string): DnaError {
  return new DnaError(
    'SLURM_MISSING',
    `The command ${command} of Slurm is not on the path.`,
    'Give the command on a login node; `dna doctor --launcher slurm` looks at the site.',
  );
}

/** A command of Slurm failed. */
export function commandFailed(command: string, said: string): DnaError {
  return new DnaError(
    'SLURM_FAILED',
    `Slurm's ${command} failed: ${said.trim() || 'it said nothing'}`,
    "Correct the site's options (launcher.sbatch.…), or ask the site; the same command then submits what is missing.",
  );
}
