import { readInstallation } from 'dna-nas/plugins/backend-torch';
import { expect, test } from 'vitest';
import { BACKENDS, type BackendName } from './backends.js';
import { describeFaults, describeVerdict } from './describe-verdict.js';
import { readExclusions } from './exclusions.js';
import { judge } from './judge.js';
import { runSuite } from './run-suite.js';

const MINUTES = 60_000;

async function check(name: BackendName): Promise<void> {
  const verdict = judge(await runSuite(BACKENDS[name]), readExclusions(name));
  expect(describeFaults(verdict)).toEqual([]);
  await expect(describeVerdict(verdict)).toMatchFileSnapshot(`results/${name}.yaml`);
}

const title = (name: BackendName) => `tfjs-core's own tests on the ${name} backend`;

test(title('cpu'), { timeout: 5 * MINUTES }, () => check('cpu'));

test(title('wasm'), { timeout: 5 * MINUTES }, () => check('wasm'));

const missing = readInstallation() === undefined;
const note = missing ? ': the torch backend is not installed here (dna backend install torch)' : '';

test.skipIf(missing)(title('torch') + note, { timeout: 10 * MINUTES }, () => check('torch'));
