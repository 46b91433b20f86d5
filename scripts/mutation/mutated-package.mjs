import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeModules } from '../bundle.mjs';

const FOLDERS = ['dist', 'test', 'bin', 'configuration', 'examples', 'docs', 'scripts', 'templates'];
const PARTS = [...FOLDERS, 'plugins/README.md', 'core/hooks.ts', 'package.json', 'vitest.config.ts'];
const MOST_MILLISECONDS = 600_000;

/** Files run one after the other as they are listed: the quick ones that find most end a run before the slow begin. */
const CONFIG = `import { mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

const listed = JSON.parse(process.env.DNA_MUTATION_TESTS);
const place = ({ moduleId }) => listed.findIndex((test) => moduleId.includes(\`/\${test}\`));

class ListedOrder {
  shard = (files) => files;
  sort = (files) => files.toSorted((a, b) => place(a) - place(b));
}

export default mergeConfig(base, { test: { maxWorkers: 1, sequence: { sequencer: ListedOrder } } });
`;

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * A copy of the built package, a package of its own, so that the tests in it load this build and its faults; each module
 * is a file.
 */
export class MutatedPackage {
  #folder = mkdtempSync(join(tmpdir(), 'dna-mutants-'));

  static async of(root) {
    const copy = new MutatedPackage();
    const folder = copy.#folder;
    for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'listed-order.config.ts'), CONFIG);
    await writeModules(join(folder, 'dist'));
    return copy;
  }

  /** Text of a module. */
  read(file) {
    return readFileSync(join(this.#folder, 'dist', file), 'utf8');
  }

  /**
   * Runs tests with a built file's text replaced: which fail, by name, and how many ran. Tests that do not come to an
   * end in the time they have count as failed.
   */
  tryText(file, text, tests, options = {}) {
    const whole = this.read(file);
    const path = join(this.#folder, 'dist', file);
    writeFileSync(path, text);
    try {
      return this.test(tests, options);
    } finally {
      writeFileSync(path, whole);
    }
  }

  /** The same with `to` in place of `from`, which must stand in the file once, until the first test fails. */
  tryFault({ file, from, to, test }) {
    const whole = this.read(file);
    if (whole.split(from).length !== 2)
      return { problem: `${file} does not hold ${JSON.stringify(from)} once` };
    return this.tryText(
      file,
      whole.replace(from, () => to),
      [test],
      { bail: 1 },
    );
  }

  /** Runs files of tests, as they are listed: names of those that fail, the number that ran, and whether they came to no end. */
  test(files, { bail = 0, milliseconds = MOST_MILLISECONDS } = {}) {
    const report = join(this.#folder, 'report.json');
    rmSync(report, { force: true });
    // A group of its own, so that the processes of its tests can be ended with it.
    const { pid, status: code } = spawnSync(
      join(this.#folder, 'node_modules/.bin/vitest'),
      [
        'run',
        ...files,
        '--config=listed-order.config.ts',
        `--bail=${bail}`,
        '--reporter=json',
        `--outputFile=${report}`,
      ],
      {
        cwd: this.#folder,
        env: { ...process.env, DNA_MUTATION_TESTS: JSON.stringify(files) },
        stdio: 'ignore',
        timeout: milliseconds,
        killSignal: 'SIGKILL',
        detached: true,
      },
    );
    if (!existsSync(report)) {
      endGroup(pid);
      return { failed: ['the tests did not come to an end'], ran: 1, endless: true };
    }
    const { testResults, numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = testResults.flatMap(({ assertionResults, status, message }) => {
      const names = assertionResults
        .filter((test) => test.status === 'failed')
        .map(({ fullName }) => fullName);
      return status === 'failed' && names.length === 0 ? [message.split('\n')[0]] : names;
    });
    // A test that crashes its process fails without a name.
    if (code !== 0 && failed.length === 0) failed.push(`the tests ended with ${code}`);
    return { failed, ran: numPassedTests + numFailedTests };
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
