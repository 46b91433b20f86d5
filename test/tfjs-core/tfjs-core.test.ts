import { expect, test } from 'vitest';
import type { BackendName } from './backends.js';
import { BACKENDS } from './backends.js';
import { describeFaults, describeVerdict } from './describe-verdict.js';
import { readExclusions } from './exclusions.js';
import { judge } from './judge.js';
import { runSuite } from './run-suite.js';

const BACKEND_NAMES: readonly BackendName[] = ['cpu', 'wasm'];

test.each(BACKEND_NAMES)('tfjs-core’s own tests on the %s backend', { timeout: 600_000 }, async (name) => {
  const verdict = judge(await runSuite(BACKENDS[name]), readExclusions(name));
  expect(describeFaults(verdict)).toEqual([]);
  await expect(describeVerdict(verdict)).toMatchFileSnapshot(`results/${name}.yaml`);
});
