import { runDamaged, verifyRun } from 'dna-nas/core/store';
import { printable } from './printable.js';
import { printJson } from './table.js';

/**
 * `dna verify`: whether every file of a run is what was written.
 * @throws DnaError `RUN_DAMAGED` where one is not.
 */
export function verifyCommand(folder: string, { json }: { json: boolean }): void {
  const found = verifyRun(folder);
  const { whole, problems, unknown } = found;
  if (json) {
    printJson({ sound: problems.length === 0, ...found });
  } else {
    process.stdout.write(`${folder}: ${whole.length} files are whole.\n`);
    if (unknown.length > 0) process.stdout.write(`Nothing vouches for ${printable(unknown.join(', '))}.\n`);
  }
  if (problems.length > 0) throw runDamaged(folder, problems);
}
