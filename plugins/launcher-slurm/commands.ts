import { spawnSync } from 'node:child_process';
import { commandFailed, noCommand } from './errors.js';

/** Seconds that a command of Slurm may take to answer. */
const PATIENCE_SECONDS = 60;

/**
 * Runs a command of Slurm and gives what it prints.
 * @throws DnaError `SLURM_MISSING` where there is none, `SLURM_FAILED` with what it says.
 */
export function slurm(command: string, words: readonly string[], cwd?: string): string {
  const { error, status, stdout, stderr, signal } = spawnSync(command, words, {
    encoding: 'utf8',
    timeout: 1000 * PATIENCE_SECONDS,
    ...(cwd !== undefined && { cwd }),
  });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') throw noCommand(command);
  if (signal) throw commandFailed(command, `it did not answer within ${PATIENCE_SECONDS} seconds`);
  if (error || status !== 0) throw commandFailed(command, stderr || stdout || String(error ?? ''));
  return stdout;
}
