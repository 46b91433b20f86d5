// Puts one listed fault after the other into a copy of the built package and sees a test fail by it. A fault that
// no longer applies counts as one that was not found. Arguments name the faults to try: a number, or the beginning of
// the path of the files that they are in (`plugins/distill`) or of the test that finds them (`test/whole-run`).
import { fileURLToPath } from 'node:url';
import { METHOD_FAULTS } from './method-faults.mjs';
import { MutatedPackage } from './mutated-package.mjs';
import { STORE_FAULTS } from './store-faults.mjs';
import { WHOLE_RUN_FAULTS } from './whole-run-faults.mjs';

const wanted = process.argv.slice(2);
const chosen = [...METHOD_FAULTS, ...WHOLE_RUN_FAULTS, ...STORE_FAULTS].filter(
  ({ file, test }, index) =>
    wanted.length === 0 ||
    wanted.some((name) => name === String(index + 1) || file.startsWith(name) || test.startsWith(name)),
);

const copy = await MutatedPackage.of(fileURLToPath(new URL('../..', import.meta.url)));
let survived = 0;
try {
  const sound = copy.test([...new Set(chosen.map(({ test }) => test))]).failed;
  if (sound.length > 0) throw new Error(`Without any fault these fail: ${sound.join('; ')}`);
  for (const fault of chosen) {
    const { problem, failed = [] } = copy.tryFault(fault);
    if (problem || failed.length === 0) survived++;
    console.log(`${problem ?? (failed.length > 0 ? 'found' : 'SURVIVED')}: ${fault.fault}`);
    if (failed.length > 0) console.log(`    ${fault.test}: ${failed[0]}`);
  }
  console.log(`${chosen.length - survived} of ${chosen.length} faults were found`);
} finally {
  copy.remove();
}
process.exitCode = survived > 0 ? 1 : 0;
