// Puts one deliberate fault after the other into a copy of the built package and sees a test fail by it. A fault that
// no longer applies counts as one that was not found. Arguments name the faults to try: a number, or the beginning of
// the path of the files that they are in (`nn/distill`).
import { fileURLToPath } from 'node:url';
import { MUTANTS as STORE_MUTANTS } from './mutant-list.mjs';
import { METHOD_MUTANTS } from './mutant-list-method.mjs';
import { MutatedPackage } from './mutated-package.mjs';

const wanted = process.argv.slice(2);
const chosen = [...METHOD_MUTANTS, ...STORE_MUTANTS].filter(
  ({ file }, index) =>
    wanted.length === 0 || wanted.some((name) => name === String(index + 1) || file.startsWith(name)),
);

const copy = new MutatedPackage(fileURLToPath(new URL('..', import.meta.url)));
let survived = 0;
try {
  const sound = copy.failingTests([...new Set(chosen.map(({ test }) => test))]);
  if (sound.length > 0) throw new Error(`Without any fault these fail: ${sound.join('; ')}`);
  for (const mutant of chosen) {
    const { problem, failed = [] } = copy.tryMutant(mutant);
    if (problem || failed.length === 0) survived++;
    console.log(`${problem ?? (failed.length > 0 ? 'found' : 'SURVIVED')}: ${mutant.fault}`);
    for (const name of failed.slice(0, 2)) console.log(`    ${mutant.test}: ${name}`);
  }
  console.log(`${chosen.length - survived} of ${chosen.length} faults were found`);
} finally {
  copy.remove();
}
process.exitCode = survived > 0 ? 1 : 0;
