import { type ConfigRequest, type RunOptions, run } from 'dna-nas/core';
import { withStopSignals } from './stop-signals.js';

/** `dna run`: the reports print what comes out. */
export async function runCommand(request: ConfigRequest, options: Omit<RunOptions, 'signal'>): Promise<void> {
  await withStopSignals((signal) => run(request, { ...options, signal }));
}
