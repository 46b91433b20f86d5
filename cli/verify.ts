import { counted, DnaError } from 'dna-nas/errors';
import { verifyRun } from 'dna-nas/run-tools/runs';
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
    process.stdout.write(
      `${folder}: ${counted(whole.length, 'file')} ${whole.length === 1 ? 'is' : 'are'} whole.\n`,
    );
    if (unknown.length > 0) process.stdout.write(`Nothing vouches for ${printable(unknown.join(', '))}.\n`);
  }
  if (problems.length > 0) throw runDamaged(folder, problems);
}

/** What there is to say of a run where not all is well. */
function runDamaged(run: string, problems: readonly string[]): DnaError {
  const many =
    problems.length === 1 ? 'a damaged or missing file' : `${problems.length} damaged or missing files`;
  return new DnaError(
    'RUN_DAMAGED',
    `The run ${run} has ${many}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    'Restore them from a backup; results and outputs that are removed are made again by `dna run`.',
  );
}
