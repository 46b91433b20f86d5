import { readMachineOptions } from 'dna-nas/configuration';
import { runTask } from 'dna-nas/core/work';
import { printable } from './printable.js';
import { withStopSignals } from './stop-signals.js';

/** `dna task`: executes one task of a run, here; settings are options of this machine. */
export async function taskCommand(
  folder: string,
  task: string,
  { set = [], takeOver = false }: { set?: readonly string[]; takeOver?: boolean },
): Promise<void> {
  const machine = readMachineOptions(set);
  const noticed = (text: string) => process.stderr.write(`${printable(text)}\n`);
  await withStopSignals((signal) => runTask({ folder, task, machine, takeOver, noticed, signal }));
}
