import { readSettings, runTask } from 'dna-nas/core';
import { withStopSignals } from './stop-signals.js';

/** `dna task`: executes one task of a run, here; settings are options of this machine. */
export async function taskCommand(
  folder: string,
  task: string,
  { set = [] }: { set?: readonly string[] },
): Promise<void> {
  const machine = Object.fromEntries(readSettings(set).map(({ path, value }) => [path, value]));
  await withStopSignals((signal) => runTask({ folder, task, machine, signal }));
}
