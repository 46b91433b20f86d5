// Puts one deliberate fault after the other into a copy of the built package and sees a test fail by it. A fault that
// no longer applies counts as one that was not found. Arguments name the faults to try: a number, or the beginning of
// the path of the files that they are in (`nn/distill`).
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTANTS as STORE_MUTANTS } from './mutant-list.mjs';
import { METHOD_MUTANTS } from './mutant-list-method.mjs';

const MUTANTS = [...METHOD_MUTANTS, ...STORE_MUTANTS];

const root = fileURLToPath(new URL('..', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'dna-mutants-'));

/** The package of its own, so that the tests in it load this build. */
function makeCopy() {
  for (const part of ['dist', 'test', 'bin', 'package.json', 'vitest.config.ts'])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** The tests of some files that fail, by name. */
function failingTests(files) {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  spawnSync(
    join(copy, 'node_modules/.bin/vitest'),
    ['run', ...files, '--reporter=json', `--outputFile=${report}`],
    { cwd: copy, stdio: 'ignore', timeout: 600_000 },
  );
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults.flatMap(({ assertionResults, status, message }) => {
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName }) => fullName);
    return status === 'failed' && failed.length === 0 ? [message.split('\n')[0]] : failed;
  });
}

function tryMutant({ file, from, to, test }) {
  const path = join(copy, 'dist', file);
  const whole = readFileSync(path, 'utf8');
  if (whole.split(from).length !== 2)
    return { problem: `${file} does not hold ${JSON.stringify(from)} once` };
  writeFileSync(
    path,
    whole.replace(from, () => to),
  );
  try {
    return { failed: failingTests([test]) };
  } finally {
    writeFileSync(path, whole);
  }
}

const wanted = process.argv.slice(2);
const chosen = MUTANTS.filter(
  ({ file }, index) =>
    wanted.length === 0 || wanted.some((name) => name === String(index + 1) || file.startsWith(name)),
);

makeCopy();
let survived = 0;
try {
  const sound = failingTests([...new Set(chosen.map(({ test }) => test))]);
  if (sound.length > 0) throw new Error(`Without any fault these fail: ${sound.join('; ')}`);
  for (const mutant of chosen) {
    const { problem, failed = [] } = tryMutant(mutant);
    if (problem || failed.length === 0) survived++;
    console.log(`${problem ?? (failed.length > 0 ? 'found' : 'SURVIVED')}: ${mutant.fault}`);
    for (const name of failed.slice(0, 2)) console.log(`    ${mutant.test}: ${name}`);
  }
  console.log(`${chosen.length - survived} of ${chosen.length} faults were found`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = survived > 0 ? 1 : 0;
