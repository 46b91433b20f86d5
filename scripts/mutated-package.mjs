import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PARTS = ['dist', 'test', 'bin', 'examples', 'package.json', 'vitest.config.ts'];
const MOST_MILLISECONDS = 600_000;

/** A copy of the built package, a package of its own, so that the tests in it load this build and its faults. */
export class MutatedPackage {
  #folder = mkdtempSync(join(tmpdir(), 'dna-mutants-'));

  constructor(root) {
    for (const part of PARTS) cpSync(join(root, part), join(this.#folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  /** The tests of some files that fail, by name. */
  failingTests(files) {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    spawnSync(
      join(this.#folder, 'node_modules/.bin/vitest'),
      ['run', ...files, '--reporter=json', `--outputFile=${report}`],
      { cwd: this.#folder, stdio: 'ignore', timeout: MOST_MILLISECONDS },
    );
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
    return testResults.flatMap(({ assertionResults, status, message }) => {
      const failed = assertionResults
        .filter((test) => test.status === 'failed')
        .map(({ fullName }) => fullName);
      return status === 'failed' && failed.length === 0 ? [message.split('\n')[0]] : failed;
    });
  }

  /** Runs a fault's test with `to` in place of `from`, which must stand in the built file once. */
  tryMutant({ file, from, to, test }) {
    const path = join(this.#folder, 'dist', file);
    const whole = readFileSync(path, 'utf8');
    if (whole.split(from).length !== 2)
      return { problem: `${file} does not hold ${JSON.stringify(from)} once` };
    writeFileSync(
      path,
      whole.replace(from, () => to),
    );
    try {
      return { failed: this.failingTests([test]) };
    } finally {
      writeFileSync(path, whole);
    }
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
