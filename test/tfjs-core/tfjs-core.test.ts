import { readInstallation as readCuda } from 'dna-nas/plugins/backend-cuda';
import { readInstallation as readTorch } from 'dna-nas/plugins/backend-torch';
import { expect, test } from 'vitest';
import { inCampaign } from '../faults/extent.js';
import { BACKENDS, type BackendName } from './backends.js';
import { describeFaults, describeVerdict } from './describe-verdict.js';
import { readExclusions } from './exclusions.js';
import { judge } from './judge.js';
import { runSuite } from './run-suite.js';

async function check(name: BackendName): Promise<void> {
  const verdict = judge(await runSuite(BACKENDS[name]), readExclusions(name));
  expect(describeFaults(verdict)).toEqual([]);
  await expect(describeVerdict(verdict)).toMatchFileSnapshot(`results/${name}.yaml`);
}

const title = (name: BackendName) => `tfjs-core's own tests on the ${name} backend`;

// tfjs's own; ours are only its missing kernels.
inCampaign(title('cpu'), () => check('cpu'));

test(title('wasm'), () => check('wasm'));

const INSTALLED = { torch: readTorch() !== undefined, cuda: readCuda() !== undefined };

for (const name of ['torch', 'cuda'] as const) {
  const missing = `: the ${name} backend is not installed here (dna backend install ${name})`;
  if (INSTALLED[name]) inCampaign(title(name), () => check(name));
  else test.skip(title(name) + missing, () => check(name));
}
